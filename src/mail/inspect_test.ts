import assert from "node:assert/strict";
import fc from "fast-check";
import { toBytes } from "./bytes.ts";
import { HEADER_LIMIT, inspect } from "./inspect.ts";

const look = (text: string) => inspect(toBytes(text), "X-EFIDEM-HEADERS");

Deno.test("the header of a message is read", () => {
  const seen = look(
    "Received: by a\r\nReceived: by b\r\nFrom: Ann <a@b.example>\r\nSender: s@b.example\r\n" +
      "To: X <x@c.example>,\r\n y@c.example\r\nCc: =?utf-8?q?=C3=89?= <z@c.example>,\r\n Y <x@c.example>\r\nBcc: w@c.example\r\n" +
      "Subject: =?utf-8?q?=C3=89t=C3=A9?=\r\nDate: Sun, 22 Nov 2026 05:36:52 +0000\r\n" +
      'Message-ID:\r\n <id@b.example>\r\nX-Efidem-Headers: {"billingCode":\r\n "b"}\r\n\r\nFrom: no@no\r\n',
  );
  assert.deepEqual(seen, {
    from: ["a@b.example"],
    originators: ["a@b.example", "s@b.example"],
    to: ["x@c.example", "y@c.example"],
    cc: ["z@c.example", "x@c.example"],
    bcc: ["w@c.example"],
    names: new Map([["x@c.example", "X"], ["z@c.example", "É"]]),
    subject: "Été",
    messageId: "id@b.example",
    hasDate: true,
    received: 2,
    options: ['{"billingCode": "b"}'],
    multipart: false,
    eightBitHeaders: false,
    problem: null,
  });
});

for (
  const [name, text, problem] of [
    ["nothing", "", /no header/],
    ["only a body", "\r\nhello", /no header/],
    ["no field at all", "hello\r\n\r\n", /no header/],
    ["a NUL", "From: a@b.example\r\nX: \0\r\n\r\n", /NUL/],
    ["a bare LF", "From: a@b.example\nBcc: c@d.example\r\n\r\n", /bare CR or LF/],
    ["a bare CR", "From: a@b.example\rX: y\r\n\r\n", /bare CR or LF/],
    ["a stray line", "From: a@b.example\r\nwhat\r\n\r\n", /line 2 of the header/],
    ["no From", "To: a@b.example\r\n\r\n", /no From/],
    ["two From fields", "From: a@b.example\r\nFrom: c@d.example\r\n\r\n", /2 From fields/],
    ["two Subject fields", "From: a@b.example\r\nSubject: a\r\nsubject: b\r\n\r\n", /2 Subject/],
    ["a group in From", "From: Team: a@b.example;\r\n\r\n", /From field has a group/],
    ["a control in From", "From: a@b.example\x01\r\n\r\n", /From field has a control/],
    ["two senders", "From: a@b.example\r\nSender: a@b.example, c@b.example\r\n\r\n", /not one/],
    ["no sender", "From: a@b.example\r\nResent-Sender: \r\n\r\n", /Resent-Sender field is not one/],
    ["an unreadable From", "From: a@b.example> x\r\n\r\n", /From field cannot be read/],
    ["a huge header", `From: a@b.example\r\nX: ${"y".repeat(HEADER_LIMIT)}\r\n\r\n`, /larger than/],
  ] as const
) {
  Deno.test(`a message with ${name} is a problem`, () =>
    assert.match(look(text).problem!, problem));
}

Deno.test("what stands in the body does not matter", () => {
  assert.equal(look("From: a@b.example\r\n\r\n\0\n\r\xff").problem, null);
  assert.equal(look("From: a@b.example\r\n\r\n\xff").eightBitHeaders, false);
});

Deno.test("8-bit headers are noticed, and read as UTF-8", () => {
  const seen = look("From: \xc3\xa9@b.example\r\nSubject: \xc3\xa9\r\n\r\n");
  assert.deepEqual([seen.eightBitHeaders, seen.from, seen.subject], [true, ["é@b.example"], "é"]);
});

Deno.test("no bytes whatever make it throw", () => {
  const piece = fc.constantFrom(
    "From:",
    "Subject: =?utf-8?b?",
    "?=",
    "<",
    ">",
    '"',
    "(",
    "\r\n",
    "\n",
    " ",
    "a@b",
    "\xff",
    "\0",
    ",",
    ":",
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
    look(pieces.join(""));
  }));
});
