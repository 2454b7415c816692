/** What becomes of a message that nobody ever takes or refuses: three days of attempts, then an end. */
import assert from "node:assert/strict";
import type { Claim } from "@chappe/src/log";
import { type RetryPolicy, retryWithEarly, STANDARD_RETRY } from "@chappe/src/rules";
import type { DeliveryJob } from "../job.ts";
import { deliveryJob } from "../test_station.ts";
import { decide } from "./decide.ts";
import type { Outcome } from "./outcome.ts";

const HOUR = 3_600_000;
const SILENCE: Outcome = {
  kind: "failed",
  enhanced: "4.4.1",
  error: "connection timed out",
  host: null,
  tls: null,
};
const NOT_NOW: Outcome = {
  kind: "answered",
  taken: false,
  early: false,
  reply: { code: 450, enhanced: "4.2.0", text: "not now" },
  host: "mx.example.net",
  tls: null,
};

/** Every outcome as the log would hold it: hours after acceptance, and type. */
function story(outcome: Outcome, retry: RetryPolicy): [hours: number, type: string][] {
  let job = deliveryJob("someone@example.net").data;
  let now = job.acceptedAt;
  const told: [number, string][] = [];
  for (;;) {
    const claim = { lane: "test", data: job } as unknown as Claim<DeliveryJob>;
    const route = { pool: "shared", address: null, why: { rule: "test" } };
    const aim = { domain: "example.net", provider: "example_net" };
    const task = { claim, ...aim, route, startedAt: now, copy: null };
    const decision = decide(task, outcome, { now, retry, turns: (_, wanted) => wanted });
    assert(decision !== null);
    told.push([(now - job.acceptedAt) / HOUR, decision.event.type]);
    if (decision.retry === null) return told;
    assert.equal(decision.retry.job.data.attempt, job.attempt + 1);
    ({ data: job } = decision.retry.job);
    now = decision.retry.at;
  }
}

Deno.test("no answer: every 4 hours for 3 days, then delivery.expired", () => {
  const expected = Array.from({ length: 18 }, (_, i) => [i * 4, "delivery.deferred"]);
  assert.deepEqual(story(SILENCE, STANDARD_RETRY), [...expected, [72, "delivery.expired"]]);
});

Deno.test("not now, for ever: early attempts, then every 4 hours, and the same end", () => {
  const told = story(NOT_NOW, STANDARD_RETRY);
  const minutes = told.map(([hours]) => Math.round(hours * 60));
  assert.deepEqual(minutes.slice(0, 5), [0, 5, 20, 80, 320]);
  assert.deepEqual(told.at(-1), [72, "delivery.expired"]);
  assert(told.slice(0, -1).every(([, type]) => type === "delivery.deferred"));
});

Deno.test("early attempts switched off: refused or silent, all the same", () => {
  assert.deepEqual(story(NOT_NOW, retryWithEarly([])), story(SILENCE, STANDARD_RETRY));
});
