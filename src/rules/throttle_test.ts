import assert from "node:assert/strict";
import { createThrottle } from "./throttle.ts";

function setUp(capacity = 100) {
  const clock = { at: 0 };
  const throttle = createThrottle({
    now: () => clock.at,
    free: 3,
    firstWaitMs: 1000,
    longestWaitMs: 60_000,
    capacity,
  });
  return { clock, throttle };
}

Deno.test("waits double after the free attempts, and waiting attempts do not count", () => {
  const { clock, throttle } = setUp();
  for (let i = 0; i < 3; i++) assert.equal(throttle.attempt("a"), 0);
  assert.equal(throttle.attempt("a"), 1000);
  assert.equal(throttle.attempt("a"), 1000);
  clock.at = 1000;
  assert.equal(throttle.attempt("a"), 0);
  assert.equal(throttle.attempt("a"), 2000);
  assert.equal(throttle.attempt("b"), 0, "keys are apart");
});

Deno.test("success and silence both forget", () => {
  const { clock, throttle } = setUp();
  for (let i = 0; i < 3; i++) throttle.attempt("a");
  throttle.forget("a");
  assert.equal(throttle.attempt("a"), 0);
  for (let i = 0; i < 2; i++) throttle.attempt("a");
  assert(throttle.attempt("a") > 0);
  clock.at += 60_000;
  for (let i = 0; i < 3; i++) assert.equal(throttle.attempt("a"), 0);
});

Deno.test("no wait is longer than the longest", () => {
  const { clock, throttle } = setUp();
  for (let i = 0; i < 40; i++) clock.at += throttle.attempt("a");
  assert(throttle.attempt("a") <= 60_000);
});

Deno.test("memory is bounded: the key quiet for longest goes", () => {
  const { throttle } = setUp(2);
  for (let i = 0; i < 3; i++) throttle.attempt("a");
  throttle.attempt("b");
  throttle.attempt("c");
  assert.equal(throttle.attempt("a"), 0);
});

Deno.test("asking how long to wait counts nothing", () => {
  const { clock, throttle } = setUp();
  for (let i = 0; i < 10; i++) assert.equal(throttle.wait("a"), 0);
  for (let i = 0; i < 3; i++) throttle.attempt("a");
  assert.equal(throttle.wait("a"), 1000);
  clock.at = 400;
  assert.equal(throttle.wait("a"), 600);
  clock.at = 1000;
  assert.equal(throttle.wait("a"), 0);
});
