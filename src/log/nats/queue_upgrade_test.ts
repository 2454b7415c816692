/** A queue as an earlier release left it: its jobs and timers come, under the new configuration. */
import { jetstreamManager } from "@nats-io/jetstream";
import assert from "node:assert/strict";
import { derivedId } from "../../events/mod.ts";
import { withNats } from "../../embedded/mod.ts";
import { SILENT } from "../../runtime/mod.ts";
import { openConnection } from "./connection.ts";
import { connectStation } from "./station.ts";
import { QUEUE, streamConfigs } from "./streams.ts";

Deno.test("jobs and timers of an earlier release are done", () =>
  withNats(async (nats) => {
    const connection = await openConnection(nats.url, SILENT);
    const jsm = await jetstreamManager(connection.nc, { checkAPI: false });
    const config = streamConfigs({ storeBytes: 10 ** 9, replicas: 1, bodiesDays: 1 })
      .find(({ name }) => name === QUEUE)!;
    await jsm.streams.add({ ...config, subjects: ["jobs.*", "timers.*.*"] });
    await jsm.consumers.add(QUEUE, {
      durable_name: "workers",
      filter_subjects: ["jobs.*"],
      ack_policy: "explicit",
      ack_wait: 60_000_000_000,
      max_ack_pending: 100_000,
    });
    const put = async (subject: string, id: string, headers: Record<string, string>) => {
      const payload = new TextEncoder().encode(JSON.stringify({ id, data: { n: id } }));
      const all = { "Nats-Msg-Id": id, ...headers };
      const answer = await connection.request(subject, payload, { timeoutMs: 5000, headers: all });
      assert.ok(!answer.string().includes("error"), answer.string());
    };
    await put("jobs.a", "waits", {});
    await put("jobs.no_such_provider_now", "stranded", {});
    await put(`timers.a.${derivedId("timed")}`, "timed", {
      "Nats-Schedule": `@at ${new Date(Date.now() + 1000).toISOString()}`,
      "Nats-Schedule-Target": "jobs.a",
    });
    await connection.nc.close();

    const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
    assert.equal((await station.queue.depth()).scheduled, 1);
    const abort = new AbortController();
    const got: unknown[] = [];
    for await (const claim of station.queue.claim({ maxInFlight: 5, signal: abort.signal })) {
      got.push([claim.id, claim.lane, claim.data]);
      claim.ack();
      if (got.length === 3) abort.abort();
    }
    assert.deepEqual(got.sort(), [
      ["stranded", "no_such_provider_now", { n: "stranded" }],
      ["timed", "a", { n: "timed" }],
      ["waits", "a", { n: "waits" }],
    ]);
    await station.close();
  }));
