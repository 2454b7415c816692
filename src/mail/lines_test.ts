import assert from "node:assert/strict";
import fc from "fast-check";
import { toBytes, toText } from "./bytes.ts";
import { hasLongLine, LINE_LIMIT, normaliseLineEnds } from "./lines.ts";

Deno.test("every byte survives the way to text and back", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(toBytes(toText(all)), all);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    assert.deepEqual(toBytes(toText(bytes)), bytes);
  }));
});

Deno.test("bare CR and LF become CRLF; clean messages are left alone", () => {
  const clean = (text: string) => toText(normaliseLineEnds(toBytes(text)));
  assert.equal(clean("a\nb\rc\r\nd"), "a\r\nb\r\nc\r\nd");
  assert.equal(clean("\n.\n"), "\r\n.\r\n");
  assert.equal(clean("\r\r\n\r"), "\r\n\r\n\r\n");
  const same = toBytes("a\r\nb\r\n");
  assert.equal(normaliseLineEnds(same), same);
});

Deno.test("nothing bare is ever left, and nothing but line ends changes", () => {
  const bytes = fc.array(fc.constantFrom(13, 10, 65, 46), { maxLength: 40 });
  fc.assert(fc.property(bytes, (array) => {
    const text = toText(normaliseLineEnds(Uint8Array.from(array)));
    assert.ok(!/\r(?!\n)|(?<!\r)\n/.test(text));
    const letters = (t: string) => t.replace(/[\r\n]/g, "");
    assert.equal(letters(text), letters(toText(Uint8Array.from(array))));
  }));
});

Deno.test("lines of more than 998 octets are found", () => {
  const line = "x".repeat(LINE_LIMIT);
  assert.equal(hasLongLine(line), false);
  assert.equal(hasLongLine(`${line}\r\n${line}\r\n${line}`), false);
  assert.equal(hasLongLine(`${line}y`), true);
  assert.equal(hasLongLine(`a\r\n${line}y\r\nb`), true);
  assert.equal(hasLongLine(`a\r\n${line}y`), true);
  assert.equal(hasLongLine(""), false);
});
