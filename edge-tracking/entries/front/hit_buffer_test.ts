/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type Lines, LINES_BYTES, readLines } from "@chappe/src/events";
import { createHitBuffer } from "./hit_buffer.ts";
import { readHead } from "./test_front.ts";

const { fields } = readHead("GET /o/x HTTP/1.1\r\nHost: a\r\nUser-Agent: b\r\n\r\n").head;
const hit = (rcpt: number, at = 1000, url = "https://a.example/") => ({
  claims: {
    kind: "click" as const,
    account: "demo",
    message: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071",
    tag: 0n,
    mode: "full" as const,
    prepared: 0,
    mailing: null,
    link: 0,
    rcpt,
    url,
  },
  id: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6072",
  fields,
  ip: "192.0.2.0",
  at,
});
const rcpts = (pieces: readonly Lines[]) =>
  pieces.map(({ bytes }) => readLines(bytes).map((event) => event.rcpt));

Deno.test("hits are handed over in order: when they are many, when told to, when their time has come", async () => {
  const taken: Lines[] = [];
  const buffer = createHitBuffer({ take: (lines) => taken.push(lines), maxHits: 3, maxWaitMs: 1 });
  for (let rcpt = 0; rcpt < 5; rcpt++) buffer.write(hit(rcpt, 1000 + rcpt));
  assert.deepEqual([rcpts(taken), buffer.held()], [[[0, 1, 2]], 2]);
  buffer.flush();
  buffer.flush();
  buffer.write(hit(5));
  while (taken.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual(rcpts(taken), [[0, 1, 2], [3, 4], [5]]);
  assert.deepEqual(taken.map(({ count, family }) => [count, family]), [
    [3, "engagement"],
    [2, "engagement"],
    [1, "engagement"],
  ]);
  // Recorded when the first of them came; what comes later is written elsewhere.
  const events = taken.flatMap(({ bytes }) => readLines(bytes));
  assert.deepEqual(events.map(({ recorded }) => recorded), [1000, 1000, 1000, 1003, 1003, 1000]);
  assert.equal(buffer.held(), 0);
});

Deno.test("no piece is longer than the log takes, and none is lost", () => {
  const taken: Lines[] = [];
  const buffer = createHitBuffer({
    take: (lines) => taken.push(lines),
    maxHits: 1e6,
    maxWaitMs: 1e6,
  });
  const long = `https://a.example/${"a".repeat(8000)}`;
  for (let rcpt = 0; rcpt < 100; rcpt++) buffer.write(hit(rcpt, 0, long));
  buffer.flush();
  assert(taken.length > 3 && taken.every(({ bytes }) => bytes.length <= LINES_BYTES));
  assert.deepEqual(rcpts(taken).flat(), Array.from({ length: 100 }, (_, i) => i));
});
