/** What is lost, forgotten or done twice when something dies, and what is not. */
import assert from "node:assert/strict";
import { type Claim, LogUnavailableError, type Queue, type Station } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { deliveryJob, eventsUntil, startTestStation, until } from "../test_station.ts";
import { createLookup } from "./lookup.ts";
import { createRecorder } from "./recorder.ts";
import { plainServer, startPeer } from "./smtp/test_peer.ts";
import { startNode } from "./test_node.ts";

const relay = (port: number) => ({ mode: { kind: "relay" as const, host: "127.0.0.1", port } });

/** The station with a queue whose claims and calls are changed. */
function withQueue(
  station: Station,
  { claim, ...queue }: Partial<Omit<Queue, "claim">> & {
    claim?: (claim: Claim<unknown>) => Partial<Claim<unknown>>;
  },
): Station {
  return {
    ...station,
    queue: {
      enqueue: (jobs) => station.queue.enqueue(jobs),
      schedule: (job, at) => station.queue.schedule(job, at),
      depth: () => station.queue.depth(),
      ...queue,
      async *claim<T>(options: Parameters<Queue["claim"]>[0]) {
        for await (const each of station.queue.claim<T>(options)) {
          yield { ...each, ...claim?.(each) as Partial<Claim<T>> };
        }
      },
    },
  };
}

async function empty({ queue }: Station): Promise<boolean> {
  const { waiting, claimed, scheduled } = await queue.depth();
  return waiting + claimed + scheduled === 0;
}

Deno.test("an acknowledgement that was lost: the outcome is found, nothing is sent again", async () => {
  await using t = await startTestStation();
  await using peer = startPeer((p) => plainServer(p));
  let lost = 0;
  const station = withQueue(t.station, {
    claim: (claim) => ({ ack: () => claim.redelivered ? claim.ack() : (lost++, claim.release()) }),
  });
  await using _ = startNode({ station }, relay(peer.port));
  await t.station.queue.enqueue([deliveryJob("a@a.test"), deliveryJob("b@a.test")]);
  await until(async () => lost === 2 && await empty(t.station));
  const sent = peer.lines.filter((line) => line.startsWith("RCPT")).sort();
  assert.deepEqual(sent, ["RCPT TO:<a@a.test>", "RCPT TO:<b@a.test>"]);
});

Deno.test("a crash between the outcome and its retry: the retry is made up for", async () => {
  await using t = await startTestStation();
  let refusals = 1;
  await using peer = startPeer((p) =>
    plainServer(p, {
      answer: (line) => line.startsWith("RCPT") && refusals-- > 0 ? "450 4.7.1 later" : undefined,
    })
  );
  let crashed = false;
  const station = withQueue(t.station, {
    schedule(job, at) {
      if (crashed) return t.station.queue.schedule(job, at);
      crashed = true;
      return Promise.resolve();
    },
    claim: (claim) => ({ ack: () => claim.redelivered ? claim.ack() : claim.release() }),
  });
  await using _ = startNode({ station }, relay(peer.port));
  await t.station.queue.enqueue([deliveryJob("a@a.test")]);
  const events = await eventsUntil(t.station, 2);
  assert.deepEqual(events.map((e) => e.type), ["delivery.deferred", "delivery.delivered"]);
  assert.deepEqual(events.map((e) => (e.data as { attempt: number }).attempt), [1, 2]);
  await until(() => empty(t.station));
  assert.equal(peer.lines.filter((line) => line.startsWith("RCPT")).length, 2);
});

Deno.test("a second job for an attempt that has ended is done without sending", async () => {
  await using t = await startTestStation();
  await using peer = startPeer((p) => plainServer(p));
  await using _ = startNode(t, relay(peer.port));
  const job = deliveryJob("a@a.test");
  await t.station.queue.enqueue([job]);
  await eventsUntil(t.station, 1);
  await t.station.queue.enqueue([
    { ...job, id: "another", data: { ...job.data, doubtful: true } },
    deliveryJob("b@a.test"),
  ]);
  await eventsUntil(t.station, 2);
  await until(() => empty(t.station));
  assert.equal(peer.lines.filter((line) => line === "RCPT TO:<a@a.test>").length, 1);
});

Deno.test("while the log is away the outcome is kept, and nothing new is sent", async () => {
  await using t = await startTestStation();
  let mails = 0;
  await using peer = startPeer((p) => plainServer(p, { onMail: () => mails++ }));
  let away = true;
  let refused = 0;
  const station: Station = {
    ...t.station,
    events: {
      ...t.station.events,
      append(events) {
        if (!away) return t.station.events.append(events);
        refused++;
        return Promise.reject(new LogUnavailableError("away"));
      },
    },
  };
  await using _ = startNode({ station }, {
    ...relay(peer.port),
    limits: { connections: 1, perDestination: 1, messagesPerConnection: 100, idleMs: 1000 },
  });
  await t.station.queue.enqueue(Array.from({ length: 5 }, (_, i) => deliveryJob(`r${i}@a.test`)));
  await until(() => refused >= 3);
  // One outcome is held up; one more message may have been under way when that was noticed.
  assert(mails <= 2, `${mails} mails sent`);
  away = false;
  await eventsUntil(t.station, 5);
  await until(() => empty(t.station));
  assert.equal(mails, 5);
});

Deno.test("stopping: what is under way is finished, what waits is for others", async () => {
  await using t = await startTestStation();
  const { promise: sent, resolve: onSent } = Promise.withResolvers<void>();
  const { promise: go, resolve: letGo } = Promise.withResolvers<void>();
  let first = true;
  await using peer = startPeer((p) =>
    plainServer({
      ...p,
      async content() {
        const content = await p.content();
        if (first) {
          first = false;
          onSent();
          await go;
        }
        return content;
      },
    })
  );
  const one = {
    ...relay(peer.port),
    limits: { connections: 1, perDestination: 1, messagesPerConnection: 100, idleMs: 1000 },
  };
  const node = startNode(t, one);
  await t.station.queue.enqueue(Array.from({ length: 5 }, (_, i) => deliveryJob(`r${i}@a.test`)));
  await sent;
  const stopped = node.stop(60_000);
  letGo();
  await stopped;
  assert.equal(node.inFlight(), 0);
  assert.equal(peer.lines.filter((line) => line.startsWith("RCPT")).length, 1);
  const [event] = await eventsUntil(t.station, 1);
  assert.equal(event!.type, "delivery.delivered");

  await using _ = startNode(t, one);
  await eventsUntil(t.station, 5);
  await until(() => empty(t.station));
  assert.equal(peer.lines.filter((line) => line.startsWith("RCPT")).length, 5);
});

Deno.test("stopping in a hurry: connections are cut, and what they carried is for others", async () => {
  await using t = await startTestStation();
  const { promise: sent, resolve: onSent } = Promise.withResolvers<void>();
  await using deaf = startPeer((p) =>
    plainServer({
      ...p,
      say: (...lines) => lines[0] === "354 go" ? (onSent(), Promise.resolve()) : p.say(...lines),
    })
  );
  const node = startNode(t, relay(deaf.port));
  await t.station.queue.enqueue([deliveryJob("a@a.test")]);
  await sent;
  await node.stop(10);
  await using good = startPeer((p) => plainServer(p));
  await using _ = startNode(t, relay(good.port));
  const [event] = await eventsUntil(t.station, 1);
  assert.equal(event!.type, "delivery.delivered");
  assert.equal((event!.data as { attempt: number }).attempt, 1);
});

Deno.test("nats-server killed under load: every job has its one outcome", async () => {
  await using t = await startTestStation();
  const mails = new Map<string, number>();
  await using peer = startPeer((p) =>
    plainServer(p, {
      extensions: ["PIPELINING"],
      onMail: (content) => mails.set(content, (mails.get(content) ?? 0) + 1),
    })
  );
  const inFlight = 20;
  await using _ = startNode(t, { ...relay(peer.port), maxInFlight: inFlight });
  const jobs = Array.from({ length: 300 }, (_, i) => deliveryJob(`r${i}@a.test`));
  await t.station.queue.enqueue(jobs);
  await until(() => mails.size > 50);
  await t.nats.kill();
  await t.nats.restart();
  const events = await eventsUntil(t.station, 300);
  assert(events.every((e) => e.type === "delivery.delivered"));
  assert.equal(new Set(events.map((e) => e.id)).size, 300);
  assert.equal(mails.size, 300);
  const twice = [...mails.values()].filter((count) => count > 1).length;
  assert(twice <= inFlight, `${twice} sent twice`);
});

Deno.test("look-ups: one reading answers all, ids once read are remembered, within a limit", async () => {
  await using t = await startTestStation();
  await using peer = startPeer((p) => plainServer(p));
  {
    await using _ = startNode(t, relay(peer.port));
    await t.station.queue.enqueue([deliveryJob("a@a.test"), deliveryJob("b@a.test")]);
    await eventsUntil(t.station, 2);
  }
  const [a, b] = await eventsUntil(t.station, 2);
  let reads = 0;
  const log = {
    read(options: Parameters<Station["events"]["read"]>[0]) {
      reads++;
      return t.station.events.read(options);
    },
  };
  for (const limit of [100, 1]) {
    reads = 0;
    const lookup = createLookup(log, Date.now, limit);
    const ask = (id: string, until = Infinity) => lookup.find({ id, since: a!.at - 1000, until });
    const none = crypto.randomUUID();
    const [first, missing, second] = await Promise.all([ask(a!.id), ask(none), ask(b!.id)]);
    assert.equal(first!.id, a!.id);
    assert.equal(missing, null);
    assert.equal(second!.id, b!.id);
    assert.equal(reads, 2);
    assert.equal(await ask(none, b!.recorded), null);
    if (limit === 100) assert.equal(reads, 2, "known already");
    assert.equal(await ask(a!.id, a!.recorded - 10_000), null);
  }
});

Deno.test("a recorder told to stop gives up, and so does who waits for it", async () => {
  const stop = new AbortController();
  const recorder = createRecorder({ signal: stop.signal, logger: SILENT });
  await recorder.ready();
  const recording = recorder.record(() => Promise.reject(new LogUnavailableError("away")));
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  const waiting = recorder.ready();
  stop.abort();
  await assert.rejects(waiting);
  await assert.rejects(recording, LogUnavailableError);
  await assert.rejects(recorder.record(() => Promise.reject(new TypeError("a fault of ours"))));
});
