import assert from "node:assert/strict";
import fc from "fast-check";
import { contentParts, isEightBit } from "./content.ts";
import { SmtpProtocolError } from "./error.ts";
import { readExtensions } from "./extensions.ts";
import { recordOf, ReplyReader } from "./reply.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("replies are read however the network cuts them", () => {
  const wire = bytes("220 hi\r\n250-mx é\r\n250-SIZE 10\r\n250 HELP\r\n354\r\n");
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: wire.length }), { maxLength: 8 }), (cuts) => {
      const reader = new ReplyReader();
      const edges = [0, ...cuts.toSorted((a, b) => a - b), wire.length];
      const replies = edges.slice(1).flatMap((to, i) => reader.push(wire.subarray(edges[i], to)));
      assert.deepEqual(replies, [
        { code: 220, lines: ["hi"] },
        { code: 250, lines: ["mx é", "SIZE 10", "HELP"] },
        { code: 354, lines: [""] },
      ]);
    }),
  );
});

Deno.test("what is no reply is refused", () => {
  for (
    const wire of ["hello\r\n", "99 x\r\n", "650 x\r\n", "250x\r\n", "\r\n", "2".repeat(5000)]
  ) {
    assert.throws(() => new ReplyReader().push(bytes(wire)), SmtpProtocolError, wire);
  }
  assert.throws(() => new ReplyReader().push(bytes("250-x\r\n".repeat(300))), SmtpProtocolError);
});

Deno.test("the log's form: enhanced code out, lines joined, nothing unprintable, not too long", () => {
  assert.deepEqual(
    recordOf({ code: 550, lines: ["5.1.1 The account", "5.1.1 does not\x07 exist.", "5.1.1"] }),
    { code: 550, enhanced: "5.1.1", text: "The account does not  exist." },
  );
  assert.deepEqual(recordOf({ code: 250, lines: ["ok 2.0.0"] }), {
    code: 250,
    enhanced: null,
    text: "ok 2.0.0",
  });
  assert.equal(recordOf({ code: 550, lines: ["x".repeat(5000)] }).text.length, 2000);
});

Deno.test("extensions", () => {
  assert.deepEqual(readExtensions(["mx", "PIPELINING", "size 1000", "8BITMIME", "STARTTLS"]), {
    pipelining: true,
    eightBitMime: true,
    smtpUtf8: false,
    startTls: true,
    size: 1000,
  });
  assert.equal(readExtensions(["mx", "SIZE"]).size, 0);
  assert.equal(readExtensions(["mx", "SIZE lots"]).size, 0);
  assert.equal(readExtensions(["PIPELINING"]).pipelining, false);
});

Deno.test("content: dots are stuffed, and unstuffing gives the message back", () => {
  const wire = (text: string) => Buffer.concat(contentParts(bytes(text))).toString();
  assert.equal(wire("a\r\n"), "a\r\n.\r\n");
  assert.equal(wire("a"), "a\r\n.\r\n");
  assert.equal(wire(""), ".\r\n");
  assert.equal(wire("."), "..\r\n.\r\n");
  assert.equal(wire(".\r\n..\r\na.\r\n"), "..\r\n...\r\na.\r\n.\r\n");
  const line = fc.stringMatching(/^[.a\u00e9 ]{0,4}$/);
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const message = lines.map((l) => `${l}\r\n`).join("");
      const sent = wire(message);
      assert(sent.endsWith(".\r\n"));
      const received = sent.slice(0, -3).split("\r\n").map((l) => l.replace(/^\./, "")).join(
        "\r\n",
      );
      assert.equal(received, message);
      // The final dot is the only line that is just a dot.
      assert.equal(sent.split("\r\n").filter((l) => l === ".").length, 1);
    }),
  );
});

Deno.test("eight-bit bytes are found wherever they stand", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(8), (raw, offset) => {
      const part = raw.subarray(Math.min(offset, raw.length));
      assert.equal(isEightBit(part), part.some((b) => b > 0x7f));
    }),
  );
});
