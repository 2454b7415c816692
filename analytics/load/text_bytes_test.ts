import assert from "node:assert/strict";
import { TextBytes } from "./text_bytes.ts";

Deno.test("what was added, however long and in which letters, comes out in order", async () => {
  const added = Array.from({ length: 5_000 }, (_, i) => `${i}\té 漢字 🚀 ${"x".repeat(i % 300)}\n`);
  added.splice(2_000, 0, "y".repeat(1_000_000));
  const text = new TextBytes();
  const written = async () => await new Blob([...text.pieces()]).text();
  assert.equal(await written(), "");
  for (const [i, line] of added.entries()) {
    text.add(line);
    if (i === 10) assert.equal(await written(), added.slice(0, 11).join(""));
  }
  const whole = added.join("");
  assert.equal(await written(), whole);
  assert.equal(text.size, new TextEncoder().encode(whole).length);
});

Deno.test("what is let go is written to again, and nothing of it is left", async () => {
  const first = new TextBytes();
  first.add("a".repeat(10_000));
  const [piece] = first.pieces();
  first.letGo();
  assert.deepEqual(first.pieces(), []);
  const second = new TextBytes();
  const third = new TextBytes();
  for (const [text, letter] of [[second, "b"], [third, "c"]] as const) {
    text.add(letter.repeat(9_000));
  }
  assert.equal(second.pieces()[0]!.buffer, piece!.buffer);
  assert.equal(await new Blob([...second.pieces()]).text(), "b".repeat(9_000));
  assert.equal(await new Blob([...third.pieces()]).text(), "c".repeat(9_000));
});
