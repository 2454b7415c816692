import assert from "node:assert/strict";
import { bestFirst } from "./best_hour.ts";

Deno.test("a rate that much mail shows comes before one that little mail shows", () => {
  const row = (hour: number, sent: number, opened: number) => ({
    weekday: 1,
    hour,
    sent,
    opened,
    clicked: 0,
  });
  const hours = [
    row(1, 4, 3),
    row(2, 100, 60),
    row(3, 0, 0),
    row(4, 100, 20),
    row(5, 10_000, 6000),
  ];
  assert.deepEqual(bestFirst(hours).map(({ hour }) => hour), [5, 2, 1, 4]);
});
