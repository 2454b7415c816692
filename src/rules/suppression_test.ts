import assert from "node:assert/strict";
import { event, type EventData, type NewEvent, uuidv7, validate } from "../events/mod.ts";
import { suppressionFor, suppressionId, suppressionOf } from "./suppression.ts";

const NOW = 1_763_800_000_000;
const MESSAGE = uuidv7(NOW);
const envelope = { id: uuidv7(NOW), account: "acme", at: NOW, message: MESSAGE, rcpt: 2 };

function bounced(over: Partial<EventData<"delivery.bounced">>): NewEvent {
  return event("delivery.bounced", envelope, {
    attempt: 1,
    address: null,
    pool: "p",
    provider: "x",
    domain: "b.example",
    mx: null,
    tls: null,
    tookMs: 1,
    why: { rule: "r" },
    reply: null,
    error: null,
    class: "unknown-user",
    kind: "hard",
    mode: "sync",
    ...over,
  });
}
const complained = event("feedback.complained", envelope, {
  feedbackType: "abuse",
  userAgent: "x",
  source: "arf",
});
const left = event("feedback.unsubscribed", envelope, { method: "one-click" });

Deno.test("only addresses of no use, complaints and unsubscriptions end the mail", () => {
  const source = "delivery.bounced";
  for (const mode of ["sync", "async"] as const) {
    for (const about of ["unknown-user", "dns"] as const) {
      const fact = bounced({ class: about, mode });
      assert.deepEqual(suppressionFor(fact), { reason: "hard-bounce", source });
      assert.equal(suppressionFor(bounced({ class: about, mode, kind: "soft" })), null);
    }
  }
  for (
    const about of ["mailbox-full", "policy", "spam", "rate", "connection", "other"] as const
  ) {
    assert.equal(suppressionFor(bounced({ class: about })), null, about);
  }
  assert.deepEqual(suppressionFor(complained)?.reason, "complaint");
  assert.deepEqual(suppressionFor(left), {
    reason: "unsubscribe",
    source: "feedback.unsubscribed",
  });
  const suppressed = event("delivery.suppressed", envelope, { reason: "x" });
  assert.equal(suppressionFor(suppressed), null);
  assert.equal(suppressionOf(suppressed, "a@b.example"), null);
});

Deno.test("one cause is one fact, in whatever spelling the address comes", () => {
  const made = suppressionOf(left, "Anne@B.Example")!;
  validate({ ...made, recorded: NOW });
  assert.equal(made.recipient, "Anne@B.Example");
  assert.equal(made.cause, left.id);
  assert.deepEqual([made.message, made.rcpt, made.at], [MESSAGE, 2, NOW]);
  assert.equal(made.id, suppressionId("acme", "anne@b.example", left.id));
  assert.equal(made.id, suppressionOf(left, "anne@b.example")!.id);
  assert.notEqual(made.id, suppressionOf(left, "paul@b.example")!.id);
});
