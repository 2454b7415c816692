/** One message in is one message out: data ends at CRLF.CRLF and nowhere else (RFC 5321 §4.1.1.4). */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { accepted, start, text } from "./test_support.ts";

const HEAD = "From: news@example.com\r\nSubject: Hello\r\n\r\n";

const INSIDE = "MAIL FROM:<news@example.com>\r\nRCPT TO:<victim@example.net>\r\nDATA\r\n" +
  "From: boss@example.com\r\n\r\nsmuggled";

for (
  const [name, end] of [
    ["LF.LF", "\n.\n"],
    ["CRLF.LF", "\r\n.\n"],
    ["LF.CRLF", "\n.\r\n"],
    ["CR.CR", "\r.\r"],
    ["CRLF.CR", "\r\n.\r"],
    ["CR.CRLF", "\r.\r\n"],
    ["CRLFNUL.CRLF", "\r\n\0.\r\n"],
    ["CRLF.NULCRLF", "\r\n.\0\r\n"],
    ["CRCRLF.CRLF's first half", "\r\r\n.\n"],
  ] as const
) {
  Deno.test(`${name} does not end a message`, async () => {
    await using server = await start();
    using wire = await server.logIn();
    await wire.send(`${HEAD}before${end}${INSIDE}`);
    assert.equal(accepted(server).length, 1);
    assert.deepEqual(accepted(server)[0]!.data.recipients.map((r) => r.address), [
      "someone@example.net",
    ]);
    const stored = text(server.stored[0]);
    assert.ok(stored.endsWith("smuggled\r\n"), stored);
    assert.doesNotMatch(stored, /\r(?!\n)|(?<!\r)\n/);
    await wire.ask("QUIT", 221);
  });
}

Deno.test("the end of data is found however the bytes arrive", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const message = `${HEAD}one\r\n..\r\n.two\r\n...three\r\n`;
  for (let cut = 1; cut < 14; cut++) {
    await wire.ask("MAIL FROM:<news@example.com>", 250);
    await wire.ask("RCPT TO:<someone@example.net>", 250);
    await wire.ask("DATA", 354);
    const bytes = `${message}.\r\n`;
    for (let at = 0; at < bytes.length; at += cut) {
      await wire.write(bytes.slice(at, at + cut));
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await wire.expect("250 2.0.0 queued");
  }
  const expected = `${HEAD}one\r\n.\r\n.two\r\n..three\r\n`;
  assert.ok(server.stored.length === 13 && server.stored.every((m) => text(m) === expected));
});

Deno.test("whatever lines a body has, it arrives as one message with whole line ends", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const piece = fc.constantFrom("\r", "\n", "\r\n", ".", "..", "a", "QUIT", "\0", " ");
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
      // What a client does: a dot before each line (after CRLF) that begins with one.
      const body = `${pieces.join("")}\r\n`;
      const stuffed = `\r\n${body}`.replaceAll("\r\n.", "\r\n..").slice(2);
      server.stored.length = 0;
      await wire.send(HEAD + stuffed.slice(0, -2));
      assert.equal(server.stored.length, 1);
      const stored = text(server.stored[0]).slice(HEAD.length);
      assert.doesNotMatch(stored, /\r(?!\n)|(?<!\r)\n/);
    }),
    { numRuns: 200 },
  );
  await wire.ask("QUIT", 221);
});
