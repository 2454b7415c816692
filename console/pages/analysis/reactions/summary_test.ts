import assert from "node:assert/strict";
import { halfOf } from "./summary.ts";

const HOUR = 3_600_000;
const steps = (...opened: number[]) =>
  opened.map((opened, i) => ({
    from: i * HOUR,
    to: (i + 1) * HOUR,
    opened,
    clicked: 0,
    opens: opened,
    clicks: 0,
  }));

Deno.test("half of the copies were opened by the end of the step that reaches it", () => {
  assert.deepEqual(halfOf(steps(1, 4, 5), "opened"), { count: 10, within: 2 * HOUR });
  assert.deepEqual(halfOf(steps(9), "opened"), { count: 9, within: HOUR });
  assert.equal(halfOf(steps(1, 2), "clicked"), null);
  assert.equal(halfOf([], "opened"), null);
});

Deno.test("more than half after all steps is told as later", () => {
  const late = steps(1, 0, 5).map((step, i) => i === 2 ? { ...step, to: null } : step);
  assert.deepEqual(halfOf(late, "opened"), { count: 6, within: null });
});
