import assert from "node:assert/strict";
import { startTestNats } from "../embedded/mod.ts";
import type { NewEvent } from "../events/mod.ts";
import { connectStation } from "../log/mod.ts";
import { formatTag, recipientTag } from "../rules/mod.ts";
import { SILENT } from "../runtime/mod.ts";
import { RefusedError } from "../settings/mod.ts";
import {
  addSuppression,
  followConsents,
  followRecipients,
  giveConsent,
  removeSuppression,
  withdrawConsent,
} from "./mod.ts";

const SECRET = new Uint8Array(32).fill(9);
const order = { account: "acme", by: "user:ops@acme.example", at: 1_763_800_000_000 };
const consent = { ...order, secret: SECRET, source: "api" as const };
const add = (recipient: string, reason: "manual" | "complaint" = "manual") =>
  addSuppression(order, { recipient, reason, source: "api" });

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 2000 && !condition(); i++) await new Promise((r) => setTimeout(r, 5));
  assert(condition(), "it never came about");
}

Deno.test("the last word in the log counts, at the start and from then on", async () => {
  await using nats = await startTestNats();
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  const stop = new AbortController();
  const onError = (error: unknown) => assert.fail(String(error));
  const options = { events: station.events, secret: SECRET, signal: stop.signal, onError };
  const append = (...events: NewEvent[]) => station.events.append(events);
  try {
    const early = await followRecipients(options);
    assert.deepEqual(early.counts, { suppressed: 0, withdrawn: 0 });
    assert.equal(early.suppressed("acme", "a@b.example"), null);
    assert.equal(early.trackingWithdrawn("acme", "a@b.example"), false);

    await append(
      add("a@b.example"),
      add("Back@B.example"),
      removeSuppression(order, "back@b.example"),
    );
    await append(add("again@bücher.example"));
    await append(removeSuppression(order, "again@bücher.example"));
    await append(add("again@bücher.example", "complaint"));
    await append(withdrawConsent(consent, "a@b.example"), withdrawConsent(consent, "c@b.example"));
    await append(giveConsent(consent, "C@b.example"));

    const late = await followRecipients(options);
    const edge = await followConsents(options);
    await until(() => early.trackingWithdrawn("acme", "a@b.example"));
    await until(() => early.counts.withdrawn === 1 && early.counts.suppressed === 2);
    for (const live of [early, late]) {
      assert.equal(live.suppressed("acme", "A@B.Example"), "manual");
      assert.equal(live.suppressed("acme", "back@b.example"), null);
      assert.equal(live.suppressed("acme", "again@xn--bcher-kva.example"), "complaint");
      assert.equal(live.suppressed("other", "a@b.example"), null);
      assert.equal(live.trackingWithdrawn("acme", "a@B.example"), true);
      assert.equal(live.trackingWithdrawn("acme", "c@b.example"), false);
      assert.equal(live.trackingWithdrawn("other", "a@b.example"), false);
      assert.deepEqual(live.counts, { suppressed: 2, withdrawn: 1 });
    }
    assert.equal(edge.withdrawn(recipientTag(SECRET, "acme", "a@b.example")), true);
    assert.equal(edge.withdrawn(recipientTag(SECRET, "acme", "c@b.example")), false);

    // Nothing is forgotten while the log is away, and what comes after is heard of.
    await nats.stop();
    assert.equal(late.suppressed("acme", "a@b.example"), "manual");
    await nats.restart();
    await append(removeSuppression(order, "a@b.example"));
    await until(() => late.suppressed("acme", "a@b.example") === null);
  } finally {
    stop.abort();
    await station.close();
  }
});

Deno.test("decisions keep one spelling, say who, and refuse what is no address", () => {
  const added = add(" Anne@Bücher.Example ");
  assert.equal(added.recipient, "anne@xn--bcher-kva.example");
  assert.equal(added.by, order.by);
  for (const nonsense of ["", "anne", "@b.example", "anne@", "anne@b..example", "a b@c.example"]) {
    assert.throws(() => add(nonsense), RefusedError, nonsense);
  }
  for (const nonsense of ["", "anne", "@b.example", "anne@"]) {
    assert.throws(() => removeSuppression(order, nonsense), RefusedError, nonsense);
    assert.throws(() => withdrawConsent(consent, nonsense), RefusedError, nonsense);
  }
  const odd = removeSuppression(order, '"A b"@c.example');
  assert.deepEqual([odd.recipient, odd.data.by], ['"a b"@c.example', order.by]);
  const { data } = giveConsent(consent, "ANNE@b.example");
  assert.equal(data.tag, formatTag(recipientTag(SECRET, "acme", "anne@b.example")));
});
