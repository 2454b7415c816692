import assert from "node:assert/strict";
import { startTestNats } from "../embedded/mod.ts";
import type { NewEvent } from "../events/mod.ts";
import { connectStation } from "../log/mod.ts";
import { MAX_LATENESS, recipientTag } from "../rules/mod.ts";
import { SILENT } from "../runtime/mod.ts";
import { followConsents, giveConsent, withdrawConsent } from "./mod.ts";

const SECRET = new Uint8Array(32).fill(9);
const START = 1_763_800_000_000;
const tag = (address: string) => recipientTag(SECRET, "acme", address);
const order = (at: number) =>
  ({ account: "acme", by: "operator", at, secret: SECRET, source: "api" }) as const;

Deno.test("a consent counts as withdrawn from then on: from the first time, until it is given", async () => {
  await using nats = await startTestNats();
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  const stop = new AbortController();
  const onError = (error: unknown) => assert.fail(String(error));
  const followed = async (...events: NewEvent[]) => {
    await station.events.append(events);
    return await followConsents({ events: station.events, signal: stop.signal, onError });
  };
  try {
    const consents = await followed(
      withdrawConsent(order(START), "long@b.example"),
      withdrawConsent(order(START + MAX_LATENESS), "twice@b.example"),
      withdrawConsent(order(START + MAX_LATENESS + 9), "twice@b.example"),
      withdrawConsent(order(START + MAX_LATENESS + 9), "back@b.example"),
      giveConsent(order(START + MAX_LATENESS + 10), "back@b.example"),
    );
    const before = (address: string, at: number) => consents.withdrawnBefore(tag(address), at);
    const now = START + MAX_LATENESS + 10;
    assert(!before("nobody@b.example", now));
    assert(!before("back@b.example", now));
    assert(!before("twice@b.example", START + MAX_LATENESS));
    assert(before("twice@b.example", START + MAX_LATENESS + 1));
    // So long ago that nobody asks about the time before.
    assert(before("long@b.example", START - 1));
    assert(before("long@b.example", now));

    const again = await followed(withdrawConsent(order(now), "back@b.example"));
    assert(!again.withdrawnBefore(tag("back@b.example"), now));
    assert(again.withdrawnBefore(tag("back@b.example"), now + 1));
  } finally {
    stop.abort();
    await station.close();
  }
});
