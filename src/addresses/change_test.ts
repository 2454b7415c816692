import assert from "node:assert/strict";
import { startTestNats } from "../embedded/mod.ts";
import { connectStation } from "../log/mod.ts";
import { SILENT } from "../runtime/mod.ts";
import { addAddress, changeAddresses, pauseAddress, readHeld } from "./mod.ts";

Deno.test("of all who add the same address at once, one does; others go on meanwhile", async () => {
  await using nats = await startTestNats();
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  const { events } = station;
  const now = Date.now();
  const add = (address: string) =>
    changeAddresses(
      events,
      (held) => addAddress(held, { address, ehlo: "out.example.com", pool: "shared" }, now),
      () => now,
      "operator",
    );
  try {
    const ips = ["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3", "192.0.2.1"];
    const results = await Promise.allSettled(ips.map(add));
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 3);
    const pause = (address: string) =>
      changeAddresses(
        events,
        (held) => pauseAddress(held, { address, until: null, reason: "test" }, now),
        () => now,
      );
    const [first] = await Promise.all([pause("192.0.2.1"), pause("192.0.2.2"), add("192.0.2.4")]);
    const { sending, seqs } = await readHeld(events);
    assert.deepEqual(
      [...sending.addresses.values()].map(({ ip, state }) => `${ip} ${state.kind}`).sort(),
      ["192.0.2.1 paused", "192.0.2.2 paused", "192.0.2.3 warming", "192.0.2.4 warming"],
    );
    assert(first.seq <= seqs.get("address")!);
    const again = await pause("192.0.2.1");
    assert.deepEqual(again.facts, [], "it is paused just so");
  } finally {
    await station.close();
  }
});
