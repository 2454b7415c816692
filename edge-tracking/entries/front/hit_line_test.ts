import assert from "node:assert/strict";
import fc from "fast-check";
import { read } from "@chappe/src/events";
import { hitEvent, toldBy } from "../../hit.ts";
import { truncateAddress } from "../../privacy.ts";
import { NAMES } from "./fields.ts";
import { Head } from "./head.ts";
import { type Hit, LONGEST, writeHit } from "./hit_line.ts";
import { JsonWriter } from "./json_writer.ts";
import { readHead } from "./test_front.ts";

const ID = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071";
const OURS = NAMES.slice(3, -4);

const copy = {
  account: fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }),
  message: fc.uuid(),
  rcpt: fc.nat(),
  tag: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  mode: fc.constantFrom("date-only" as const, "full" as const),
  prepared: fc.option(fc.nat({ max: 2 ** 48 - 1 })),
  mailing: fc.option(fc.nat({ max: 2 ** 48 - 1 })),
};
const claims = fc.oneof(
  fc.record({ ...copy, kind: fc.constant("open" as const) }),
  fc.record({
    ...copy,
    kind: fc.constant("click" as const),
    link: fc.nat(),
    url: fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.constant('https://é.example/"ü\\')),
  }),
);
const value = fc.string({ unit: fc.constantFrom(...'\t "\\;,=az09/:.@-'), maxLength: 1200 });
const referer = fc.constantFrom(
  "https://mail.example/inbox?secret",
  "nonsense",
  "",
  "x".repeat(3000),
);
const headers = fc.tuple(
  fc.dictionary(fc.constantFrom(...OURS.filter((name) => name !== "referer"), "cookie"), value),
  fc.option(referer),
).map(([given, from]) => from === null ? given : { ...given, referer: from });
const addresses = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("nobody"));

/** What follows a line's start. */
function lineWith(hit: Hit): string {
  const json = new JsonWriter(new Uint8Array(LONGEST));
  writeHit(json, hit);
  return new TextDecoder().decode(json.since(0));
}

Deno.test("a line is the event that the app makes of the same request, written out", () => {
  fc.assert(
    fc.property(claims, headers, addresses, fc.nat(2 ** 42), (claims, headers, address, at) => {
      const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const text = `GET /o/x HTTP/1.1\r\nHost: a\r\n${fields.join("")}\r\n`;
      const asked = new Headers(headers);
      const event = hitEvent(claims, { id: ID, at }, toldBy(claims, asked, address));
      const head = new Head();
      // Fields that came before are kept, and then what was made of them too.
      for (const isKept of [false, true, true]) {
        assert.equal(readHead(text, head).reading, "open");
        assert.equal(head.fields.isKept, isKept);
        const ip = truncateAddress(address);
        const line = lineWith({ claims, id: ID, at, fields: head.fields, ip });
        assert.equal(line.at(-1), "\n");
        assert.deepEqual(JSON.parse(`{${line}`), event);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("the longest hit has room", () => {
  const long = "\\".repeat(1200);
  const fields = OURS.map((name) => `${name}: ${long}\r\n`).join("");
  const { head } = readHead(`GET /c/x HTTP/1.1\r\nHost: a\r\n${fields}\r\n`);
  const claims = {
    kind: "click",
    account: "\u0001".repeat(255),
    message: ID,
    rcpt: 2 ** 31 - 1,
    tag: 0n,
    mode: "full",
    prepared: 0,
    mailing: null,
    link: 2 ** 31 - 1,
    url: `https://é.example/${'"'.repeat(8100)}`,
  } as const;
  const line = lineWith({ claims, id: ID, at: 2 ** 48, fields: head.fields, ip: "192.0.2.0" });
  const event = read(JSON.parse(`{${line}`));
  assert(event.type === "engagement.clicked" && event.data.url === claims.url);
  assert.equal(event.data.userAgent.length, 1024);
});
