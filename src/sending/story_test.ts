import assert from "node:assert/strict";
import { tellEvent } from "./story.ts";

const at = Date.UTC(2026, 10, 22, 10);
const route = {
  attempt: 2,
  address: "192.0.2.1",
  pool: "acme",
  provider: "google",
  domain: "firm.example",
  mx: "aspmx.l.google.com",
  tls: null,
  tookMs: 12,
  why: { rule: "own-pool", figures: { addresses: 1 } },
};
const CHOICE = "The account's own address that was used the least of the 1 free ones.";

Deno.test("each outcome is told with its attempt, its answer and the choice behind it", () => {
  const reply = { code: 250, enhanced: "2.0.0", text: "OK" };
  const type = "delivery.delivered";
  assert.deepEqual(tellEvent({ type, at, data: { ...route, reply } }), [
    "Attempt 2 from 192.0.2.1 (pool acme) to aspmx.l.google.com (google): taken. " +
    "The server said: 250 2.0.0 OK",
    CHOICE,
  ]);
  const error = "connection refused";
  const none = { ...route, address: null, mx: null, reply: null, error };
  const deferred = { ...none, class: "connection" as const, nextAttemptAt: at };
  assert.deepEqual(tellEvent({ type: "delivery.deferred", at, data: deferred }), [
    "Attempt 2 from an address of the system's choice (pool acme) to google: not now. " +
    "No server answered: connection refused.",
    "Put off (connection); the next attempt is due at 2026-11-22T10:00:00.000Z.",
    CHOICE,
  ]);
  const refused = { code: 550, enhanced: null, text: "no such user" };
  const bounced = {
    ...route,
    reply: refused,
    error: null,
    class: "unknown-user" as const,
    kind: "hard" as const,
  };
  const tell = (mode: "sync" | "async") =>
    tellEvent({ type: "delivery.bounced", at, data: { ...bounced, mode } });
  assert.match(tell("sync")[0]!, /refused for good \(unknown-user, hard\).*550 no such user/);
  assert.deepEqual(tell("async"), [
    "A bounce came back later (unknown-user, hard). The server said: 550 no such user",
  ]);
});

Deno.test("waiting, and what was not sent, is told too; what says nothing of it is not", () => {
  const why = {
    rule: "no-address-free",
    figures: { addresses: 1 },
    alternatives: [{ address: "192.0.2.1", pool: "acme", rule: "warm-up-day-1", until: at }],
  };
  const held = { attempt: 1, until: at, provider: "orange", domain: "a.example", why };
  assert.deepEqual(tellEvent({ type: "delivery.held", at, data: held }), [
    "Held back for orange, until 2026-11-22T10:00:00.000Z at the latest.",
    "No address was free, so it waited.",
    "192.0.2.1 (acme): its allowance of day 1 was used up until 2026-11-22T10:00:00.000Z.",
  ]);
  const [cancelled] = tellEvent({
    type: "delivery.cancelled",
    at,
    data: { by: "user:a@b.example", reason: "typo" },
  });
  assert.equal(cancelled, "Not sent: cancelled by user:a@b.example (typo).");
  assert.deepEqual(
    tellEvent({ type: "feedback.unsubscribed", at, data: { method: "page" } }),
    [],
  );
});
