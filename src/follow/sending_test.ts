import assert from "node:assert/strict";
import { startTestNats } from "../embedded/mod.ts";
import { event, uuidv7 } from "../events/mod.ts";
import { connectStation } from "../log/mod.ts";
import { SILENT } from "../runtime/mod.ts";
import { followSending } from "./mod.ts";

const envelope = () => ({ id: uuidv7(Date.now()), account: "platform", at: Date.now() });
const added = (address: string) =>
  event("settings.address-added", envelope(), {
    address,
    ehlo: "out.example.com",
    pool: "shared",
    calendar: "standard",
    standing: { kind: "warm" },
  });

Deno.test("addresses are there at once, changes as they come, other settings make none", async () => {
  await using nats = await startTestNats();
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  const over = new AbortController();
  try {
    await station.events.append([added("192.0.2.1")]);
    const sending = await followSending({
      events: station.events,
      signal: over.signal,
      onError: (error) => assert.fail(String(error)),
    });
    assert.deepEqual([...sending.now.addresses.keys()], ["192.0.2.1"]);
    const changes: number[] = [];
    const paused = Promise.withResolvers<void>();
    sending.onChange((state) => {
      changes.push(state.addresses.size);
      if (state.addresses.get("192.0.2.2")?.state.kind === "paused") paused.resolve();
    });
    await station.events.append([
      event("settings.sender-authorised", envelope(), { sender: "example.com" }),
    ]);
    await station.events.append([added("192.0.2.2")]);
    const [position] = await station.events.append([
      event("address.paused", envelope(), {
        address: "192.0.2.2",
        until: null,
        rule: "by-hand",
        figures: {},
        words: "by hand",
      }),
    ]);
    await paused.promise;
    assert.deepEqual(changes, [2, 2]);
    assert.equal(sending.seq, position!.seq);
  } finally {
    over.abort();
    await station.close();
  }
});
