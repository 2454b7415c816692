import assert from "node:assert/strict";
import { startTestDns } from "@chappe/src/dns";
import { event, uuidv7 } from "@chappe/src/events";
import { followSending } from "@chappe/src/follow";
import type { Job } from "@chappe/src/log";
import { deliveryJob, startTestStation, until } from "../test_station.ts";
import { createStrays } from "./strays.ts";
import { startNode } from "./test_node.ts";

Deno.test("a few copies of a provider stay in another's lane in a minute, no more", () => {
  const strays = createStrays();
  const stay = (provider: string, now: number) =>
    Array.from({ length: 600 }, () => strays.mayStay(provider, now)).filter(Boolean).length;
  assert.equal(stay("google", 60_000), 500);
  assert.equal(stay("google", 119_999), 0);
  assert.equal(stay("microsoft", 119_999), 500);
  assert.equal(stay("google", 120_000), 500);
});

Deno.test("a copy whose provider only its MX tells comes back in the provider's lane", async () => {
  await using t = await startTestStation();
  const over = new AbortController();
  const sending = await followSending({
    events: t.station.events,
    signal: over.signal,
    onError: (error) => assert.fail(String(error)),
  });
  await using dns = await startTestDns({
    "firm.test": { records: [{ type: "MX", preference: 1, value: "smtp-in.orange.fr" }] },
    "smtp-in.orange.fr": { records: [{ type: "A", value: "127.0.0.1" }] },
  });
  const at = Date.now();
  await t.station.events.append([
    event("shaping.applied", { id: uuidv7(at), account: "platform", at }, {
      rule: "test",
      provider: "orange",
      address: null,
      pool: "shared",
      action: { kind: "suspend", scope: "provider" },
      until: at + 3_600_000,
      figures: {},
      words: "",
    }),
  ]);
  await until(() => sending.now.measures.size === 1);
  const scheduled: Job<unknown>[] = [];
  const queue: typeof t.station.queue = {
    enqueue: (jobs) => t.station.queue.enqueue(jobs),
    claim: (options) => t.station.queue.claim(options),
    depth: () => t.station.queue.depth(),
    schedule(job, at) {
      scheduled.push(job);
      return t.station.queue.schedule(job, at);
    },
  };
  await using _ = startNode({ station: { ...t.station, queue } }, {
    sending,
    dns: dns.server,
    mode: { kind: "internet", port: 9 },
    // It has been there for long: what is in the queue is not in doubt from the start.
    now: () => Date.now() - 5_000,
  });
  const job = deliveryJob("r@firm.test");
  assert.match(job.lane, /^other-/);
  await t.station.queue.enqueue([job]);
  await until(() => scheduled.length === 1);
  assert.deepEqual([scheduled[0]!.id, scheduled[0]!.lane], [`${job.id}.held.1`, "orange"]);
  over.abort();
});
