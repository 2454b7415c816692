/** Readings leave nothing behind on the server, and are sent little ahead. */
import assert from "node:assert/strict";
import { jetstreamManager } from "@nats-io/jetstream";
import { startTestNats } from "../../embedded/mod.ts";
import { event, uuidv7 } from "../../events/mod.ts";
import { SILENT } from "../../runtime/mod.ts";
import { connectStation } from "../mod.ts";
import { openConnection } from "./connection.ts";
import { EVENTS } from "./streams.ts";

Deno.test("a reading that ended, or was left, leaves no consumer behind", async () => {
  await using nats = await startTestNats();
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  const { nc } = await openConnection(nats.url, SILENT);
  try {
    const fact = () =>
      event("settings.sender-authorised", { id: uuidv7(1), account: "a", at: 1 }, {
        sender: "x.y",
      });
    await station.events.append([fact()]);
    await station.events.append([fact()]);
    for (let i = 0; i < 20; i++) {
      assert.equal((await Array.fromAsync(station.events.read({}))).length, 2);
      for await (const _ of station.events.read({})) break;
      for await (const _ of station.events.read({ since: Date.now() + 600_000 })) break;
      for await (const _ of station.events.read({ follow: true })) break;
    }
    const { streams } = await jetstreamManager(nc);
    // Taken off without waiting for it.
    while ((await streams.info(EVENTS)).state.consumer_count > 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    await nc.close();
    await station.close();
  }
});

Deno.test("large commits are not sent far ahead of their reader", async () => {
  await using nats = await startTestNats();
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  const { nc } = await openConnection(nats.url, SILENT);
  try {
    const sender = "x".repeat(500_000);
    for (let i = 0; i < 60; i++) {
      const base = { id: uuidv7(1), account: "a", at: 1 };
      await station.events.append([event("settings.sender-authorised", base, { sender })]);
    }
    const { consumers } = await jetstreamManager(nc);
    let read = 0;
    for await (const { seq } of station.events.read({})) {
      assert.equal(seq, ++read);
      for await (const { delivered } of consumers.list(EVENTS)) {
        // Of 4 MiB requests the next is made while 2 MiB or less are there: 12 commits.
        assert(delivered.stream_seq <= read + 13, `${delivered.stream_seq} sent, ${read} read`);
      }
    }
    assert.equal(read, 60);
  } finally {
    await nc.close();
    await station.close();
  }
});
