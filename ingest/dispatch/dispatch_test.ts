import assert from "node:assert/strict";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import type { Claim, Station } from "@chappe/src/log";
import { LogUnavailableError } from "@chappe/src/log";
import type { DeliveryJob } from "../job.ts";
import { provider } from "../routing/mod.ts";
import { accepted, eventsUntil, startTestStation } from "../test_station.ts";
import { runDispatcher } from "./mod.ts";

function dispatcher(station: Pick<Station, "events" | "queue" | "connected">) {
  const abort = new AbortController();
  const running = runDispatcher({
    station,
    lane: provider,
    suppressed: (account, recipient) =>
      account === "demo" && recipient.startsWith("no") ? "complaint" : null,
    now: Date.now,
    logger: SILENT,
    metrics: createMetrics(),
    signal: abort.signal,
  });
  return {
    async [Symbol.asyncDispose]() {
      abort.abort();
      await running;
    },
  };
}

async function claims(station: Station, count: number): Promise<Claim<DeliveryJob>[]> {
  const abort = new AbortController();
  const found: Claim<DeliveryJob>[] = [];
  const { signal } = abort;
  for await (const claim of station.queue.claim<DeliveryJob>({ maxInFlight: 100, signal })) {
    found.push(claim);
    claim.ack();
    if (found.length === count) break;
  }
  abort.abort();
  return found;
}

Deno.test("a job per recipient, by lane; suppressed recipients get none", async () => {
  await using t = await startTestStation();
  const { station } = t;
  await using _ = dispatcher(station);
  const one = accepted(["a@gmail.com", "no@example.org", "b@Example.org"]);
  const other = accepted(["no@example.org"], { account: "other" });
  await station.events.append([one, other]);

  const found = await claims(station, 3);
  const jobs = found.map((c) => [c.id, c.lane, c.data.recipient]).sort();
  assert.deepEqual(
    jobs,
    [
      [`${one.message}.0.1`, "google", "a@gmail.com"],
      [`${one.message}.2.1`, "example_org", "b@Example.org"],
      [`${other.message}.0.1`, "example_org", "no@example.org"],
    ].sort(),
  );
  const job = found.find((c) => c.data.recipient === "a@gmail.com")!.data;
  assert.equal(job.cause, one.id);
  assert.equal(job.recipients, 3);
  assert.equal(job.acceptedAt, one.at);
  assert.equal(job.accepted.body, "b");

  const [suppressed] = await eventsUntil(station, 1);
  assert.equal(suppressed!.type, "delivery.suppressed");
  assert.equal(suppressed!.recipient, "no@example.org");
  assert.equal(suppressed!.rcpt, 1);
  assert.deepEqual(suppressed!.data, { reason: "complaint" });
});

Deno.test("a job tells of the files that its copy links to, and where the log does", async () => {
  await using t = await startTestStation();
  const { station } = t;
  await using _ = dispatcher(station);
  const linked = [{
    name: "a.pdf",
    type: "application/pdf",
    size: 3,
    start: 10,
    end: 14,
    encoding: "base64" as const,
  }];
  const without = accepted(["a@example.org"]);
  const made = accepted(["b@example.org"]);
  const positions = await station.events.append([
    without,
    { ...made, data: { ...made.data, files: linked } },
  ]);
  const files = (await claims(station, 2)).map(({ data }) => [data.recipient, data.files]);
  assert.deepEqual(Object.fromEntries(files), {
    "a@example.org": undefined,
    "b@example.org": { linked, told: positions[1] },
  });
});

Deno.test("what is seen twice becomes one job, and one that may be the second is marked", async () => {
  await using t = await startTestStation();
  const { station } = t;
  const event = accepted(["a@example.org"]);
  await station.events.append([event]);
  await station.events.append([event]);
  await station.events.append([accepted(["b@example.org"])]);
  await using _ = dispatcher(station);
  const found = await claims(station, 2);
  assert.deepEqual(found.map((c) => c.data.recipient).sort(), ["a@example.org", "b@example.org"]);
  assert(found.every((c) => c.data.doubtful), "accepted before this dispatcher started");
  assert.equal((await station.queue.depth()).waiting, 0);
});

Deno.test("a queue that is away for a while loses nothing", async () => {
  await using t = await startTestStation();
  const { station } = t;
  let failures = 2;
  const flaky: Station = {
    ...station,
    queue: {
      ...station.queue,
      enqueue(jobs) {
        if (failures-- > 0) return Promise.reject(new LogUnavailableError("away"));
        return station.queue.enqueue(jobs);
      },
    },
  };
  await using _ = dispatcher(flaky);
  await station.events.append([accepted(["a@example.org"])]);
  const [claim] = await claims(station, 1);
  assert.equal(claim!.data.recipient, "a@example.org");
  assert(failures < 0);
});
