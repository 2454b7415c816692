/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import fc from "fast-check";
import { pixel, redirect } from "../../responses.ts";
import { createAnswers } from "./answers.ts";

const ROOM = new Uint8Array(1024);
const NOW = Date.UTC(2026, 10, 22, 9, 5, 7, 891);

/** An answer taken apart. */
function parse(bytes: Uint8Array) {
  const latin1 = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const end = latin1.indexOf("\r\n\r\n");
  const [first, ...lines] = latin1.slice(0, end).split("\r\n");
  const headers = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  return { first, headers: Object.fromEntries(headers), body: bytes.subarray(end + 4) };
}

Deno.test("each answer is the app's own, byte for byte, and says how long it is and when it was made", async () => {
  const answers = createAnswers(() => NOW);
  const url = "https://bücher.example/ä b";
  for (
    const [bytes, response] of [
      [answers.pixel(false), pixel()],
      [answers.redirect(url, false, ROOM), redirect(url)],
    ] as const
  ) {
    const { first, headers, body } = parse(bytes);
    const expected = new Uint8Array(await response.arrayBuffer());
    assert.match(first!, new RegExp(`^HTTP/1\\.1 ${response.status} \\w+$`));
    assert.deepEqual(headers, {
      ...Object.fromEntries(response.headers),
      "content-length": String(expected.length),
      "date": "Sun, 22 Nov 2026 09:05:07 GMT",
    });
    assert.deepEqual(body, expected);
  }
});

Deno.test("the last answer of a connection says so, and time goes on", () => {
  let now = NOW;
  const answers = createAnswers(() => now);
  for (
    const answer of [
      answers.pixel,
      (last: boolean) => answers.redirect("https://a.example/", last, ROOM),
    ]
  ) {
    assert.equal(parse(answer(true)).headers["connection"], "close");
    assert.equal(parse(answer(false)).headers["connection"], undefined);
  }
  now += 1000;
  assert.equal(parse(answers.pixel(false)).headers["date"], "Sun, 22 Nov 2026 09:05:08 GMT");
});

Deno.test("a redirect stands in the room it is given, and in its own when that is too small", () => {
  const answers = createAnswers(() => NOW);
  const [short, long] = ["https://a.example/", `https://a.example/${"a".repeat(1000)}`];
  assert.equal(answers.redirect(short, false, ROOM).buffer, ROOM.buffer);
  const answer = answers.redirect(long, false, ROOM);
  assert.notEqual(answer.buffer, ROOM.buffer);
  assert.equal(parse(answer).headers["location"], long);
});

Deno.test("no target breaks out of its line", () => {
  const answers = createAnswers(() => NOW);
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (path) => {
    const url = `https://a.example/${path}`;
    if (/\p{Cc}/u.test(url) || !url.isWellFormed()) return;
    const text = new TextDecoder("latin1").decode(answers.redirect(url, false, ROOM));
    assert.match(text, /^(?:[ -~]+\r\n){7}\r\n$/);
  }));
});
