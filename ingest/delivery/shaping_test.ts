/** What addresses keep to at providers, and what measures do to mail that waits. */
import assert from "node:assert/strict";
import { startTestDns } from "@chappe/src/dns";
import { event, type EventData, uuidv7 } from "@chappe/src/events";
import { followSending } from "@chappe/src/follow";
import {
  deliveryJob,
  eventsUntil,
  startTestStation,
  type TestStation,
  until,
} from "../test_station.ts";
import { plainServer, startPeer } from "./smtp/test_peer.ts";
import { startNode } from "./test_node.ts";

type Applied = EventData<"shaping.applied">;

async function follow({ station: { events } }: TestStation) {
  const over = new AbortController();
  const sending = await followSending({
    events,
    signal: over.signal,
    onError: (error) => assert.fail(String(error)),
  });
  return Object.assign(sending, { [Symbol.dispose]: () => over.abort() });
}

const envelope = (account = "platform") => ({ id: uuidv7(Date.now()), account, at: Date.now() });
const applied = (data: Pick<Applied, "action" | "provider"> & Partial<Applied>) =>
  event("shaping.applied", envelope(), {
    rule: "test",
    address: null,
    pool: "shared",
    until: Date.now() + 3_600_000,
    figures: {},
    words: "",
    ...data,
  });
const added = (address: string, pool: string) =>
  event("settings.address-added", envelope(), {
    address,
    ehlo: `out-${address.replaceAll(".", "-")}.test`,
    pool,
    calendar: "default",
    standing: { kind: "warm" },
  });

/** A server on an address of its own that counts connections open at once, and holds mail while told to. */
function busyServer(hostname: string, port = 0) {
  const state = { open: 0, most: 0, hold: null as Promise<void> | null, from: [] as string[] };
  const peer = startPeer(async (p) => {
    state.most = Math.max(state.most, ++state.open);
    try {
      await plainServer({
        ...p,
        async content() {
          const content = await p.content();
          state.from.push(p.from);
          await state.hold;
          return content;
        },
      });
    } finally {
      state.open--;
    }
  }, { hostname, port });
  return Object.assign(peer, { state });
}

Deno.test("a provider's connections are counted over all of its servers and customers", async () => {
  await using t = await startTestStation();
  using sending = await follow(t);
  await using one = busyServer("127.0.0.41");
  await using two = busyServer("127.0.0.42", one.port);
  const mx = (value: string) => ({ type: "MX", preference: 1, value }) as const;
  const a = (value: string) => ({ records: [{ type: "A", value }] as const });
  await using dns = await startTestDns({
    "a.test": { records: [mx("a.mail.protection.outlook.com")] },
    "b.test": { records: [mx("b.mail.protection.outlook.com")] },
    "a.mail.protection.outlook.com": { records: [...a("127.0.0.41").records] },
    "b.mail.protection.outlook.com": { records: [...a("127.0.0.42").records] },
  });
  let open = 0;
  one.state.hold = two.state.hold = new Promise((resolve) => setTimeout(resolve, 300));
  await using _ = startNode(t, {
    sending,
    dns: dns.server,
    mode: { kind: "internet", port: one.port },
    limits: { connections: 50, perDestination: 20, messagesPerConnection: 100, idleMs: 1000 },
  });
  const jobs = Array.from({ length: 60 }, (_, i) => deliveryJob(`r${i}@${"ab"[i % 2]}.test`));
  await t.station.queue.enqueue(jobs);
  const watching = setInterval(() => open = Math.max(open, one.state.open + two.state.open), 2);
  const events = await eventsUntil(t.station, 60, (e) => e.type === "delivery.delivered");
  clearInterval(watching);
  assert(events.every((e) => (e.data as { provider: string }).provider === "microsoft"));
  assert(open <= 5 && one.state.most > 0 && two.state.most > 0, `${open} connections`);
});

Deno.test("a suspension takes mail out of the line at once; told once, looked at again later", async () => {
  await using t = await startTestStation();
  using sending = await follow(t);
  await using server = busyServer("127.0.0.1");
  const { promise, resolve } = Promise.withResolvers<void>();
  server.state.hold = promise;
  await using node = startNode(t, {
    sending,
    mode: { kind: "relay", host: "127.0.0.1", port: server.port },
    limits: { connections: 1, perDestination: 1, messagesPerConnection: 100, idleMs: 1000 },
  });
  const jobs = Array.from({ length: 5 }, (_, i) => deliveryJob(`r${i}@orange.fr`));
  await t.station.queue.enqueue(jobs);
  await until(() => server.state.from.length === 1);
  const measure = applied({ provider: "orange", action: { kind: "suspend", scope: "provider" } });
  await t.station.events.append([measure]);
  const held = await eventsUntil(t.station, 4, (e) => e.type === "delivery.held");
  for (const { at, data } of held) {
    const { attempt, until, provider, domain, why } = data as EventData<"delivery.held">;
    assert.deepEqual({ attempt, provider, domain, rule: why.rule }, {
      attempt: 1,
      provider: "orange",
      domain: "orange.fr",
      rule: "no-address-free",
    });
    assert.deepEqual(why.alternatives, [
      { address: null, pool: "shared", rule: "suspended:test", until: measure.data.until },
    ]);
    assert(until > at + 600_000 && until < at + 1_200_000, "not for longer than it may be lifted");
  }
  await until(() => node.inFlight() === 1);
  resolve();
  await eventsUntil(t.station, 1, (e) => e.type === "delivery.delivered");
  const { scheduled } = await t.station.queue.depth();
  assert.equal(scheduled, 4);
  // Others are not held up.
  await t.station.queue.enqueue([deliveryJob("r@free.fr")]);
  await eventsUntil(t.station, 2, (e) => e.type === "delivery.delivered");
  assert.equal(server.state.from.length, 2);
});

Deno.test("what is held comes back by itself, says nothing twice, and is sent by its own name", async () => {
  await using t = await startTestStation();
  using sending = await follow(t);
  await using server = busyServer("127.0.0.1");
  const rounds: string[] = [];
  const station: typeof t.station = {
    ...t.station,
    queue: {
      enqueue: (jobs) => t.station.queue.enqueue(jobs),
      claim: (options) => t.station.queue.claim(options),
      depth: () => t.station.queue.depth(),
      // A quarter of an hour is over at once.
      schedule(job) {
        rounds.push(job.id);
        if (rounds.length === 5) {
          const lifted = { rule: "test", provider: "orange", address: null, early: true };
          void t.station.events.append([event("shaping.expired", envelope(), lifted)]);
        }
        return t.station.queue.schedule(job, Date.now() + (rounds.length === 1 ? 2000 : 200));
      },
    },
  };
  await t.station.events.append([
    added("127.0.0.12", "shared"),
    applied({ provider: "orange", action: { kind: "suspend", scope: "provider" } }),
  ]);
  await until(() => sending.now.measures.size === 1);
  await using _ = startNode({ station }, {
    sending,
    mode: { kind: "relay", host: "127.0.0.1", port: server.port },
  });
  const job = deliveryJob("r@orange.fr");
  await t.station.queue.enqueue([job]);
  const isDone = (type: string) => type === "delivery.delivered";
  const [delivered] = await eventsUntil(t.station, 1, (e) => isDone(e.type));
  const all = await eventsUntil(t.station, 2);
  assert.deepEqual(all.map((e) => e.type), ["delivery.held", "delivery.delivered"]);
  assert.equal((delivered!.data as EventData<"delivery.delivered">).attempt, 1);
  assert.deepEqual(rounds.slice(0, 5), [1, 2, 3, 4, 5].map((n) => `${job.id}.held.${n}`));
  assert.deepEqual(server.state.from, ["127.0.0.12"]);
  assert(server.lines.includes("EHLO out-127-0-0-12.test"));
});

Deno.test("an acknowledgement lost after a copy was put back: it is sent once all the same", async () => {
  await using t = await startTestStation();
  using sending = await follow(t);
  await using server = busyServer("127.0.0.1");
  const names: string[] = [];
  const station: typeof t.station = {
    ...t.station,
    queue: {
      enqueue: (jobs) => t.station.queue.enqueue(jobs),
      depth: () => t.station.queue.depth(),
      async *claim<T>(options: Parameters<typeof t.station.queue.claim>[0]) {
        for await (const claim of t.station.queue.claim<T>(options)) {
          yield {
            ...claim,
            ack() {
              if (names.length === 1 && !claim.redelivered) claim.release();
              else claim.ack();
            },
          };
        }
      },
      async schedule(job, at) {
        names.push(job.id);
        // Lifted at once: whoever comes next may send.
        const lifted = { rule: "test", provider: "orange", address: null, early: true };
        if (names.length === 1) {
          await t.station.events.append([event("shaping.expired", envelope(), lifted)]);
          await until(() => sending.now.measures.size === 0);
        }
        return await t.station.queue.schedule(job, Math.min(at, Date.now() + 1500));
      },
    },
  };
  await t.station.events.append([
    added("127.0.0.12", "shared"),
    applied({ provider: "orange", action: { kind: "suspend", scope: "provider" } }),
  ]);
  await until(() => sending.now.measures.size === 1);
  await using _ = startNode({ station }, {
    sending,
    mode: { kind: "relay", host: "127.0.0.1", port: server.port },
    // It has been there for long: what is in the queue is not in doubt from the start.
    now: () => Date.now() - 5_000,
  });
  const job = deliveryJob("r@orange.fr");
  await t.station.queue.enqueue([job]);
  await eventsUntil(t.station, 1, (e) => e.type === "delivery.delivered");
  await until(async () => {
    const { waiting, claimed, scheduled } = await t.station.queue.depth();
    return waiting + claimed + scheduled === 0;
  });
  assert.deepEqual(names, [`${job.id}.held.1`, `${job.id}.held.1`]);
  assert.equal(server.state.from.length, 1);
});

Deno.test("fewer connections and another pool: measures hold at once", async () => {
  await using t = await startTestStation();
  using sending = await follow(t);
  await using server = busyServer("127.0.0.43");
  await using dns = await startTestDns({
    "orange.fr": { records: [{ type: "A", value: "127.0.0.43" }] },
  });
  await t.station.events.append([
    event("settings.pool-created", envelope(), { pool: "second", kind: "shared", owner: null }),
    added("127.0.0.12", "shared"),
    added("127.0.0.13", "second"),
  ]);
  await until(() => sending.now.addresses.size === 2);
  await using _ = startNode(t, {
    sending,
    dns: dns.server,
    mode: { kind: "internet", port: server.port },
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.state.hold = promise;
  const send = (count: number) =>
    t.station.queue.enqueue(Array.from({ length: count }, () => deliveryJob("r@orange.fr")));
  await send(20);
  await until(() => server.state.from.length === 3);
  assert.equal(server.state.most, 3);
  const one = applied({ provider: "orange", action: { kind: "connections", most: 1 } });
  await t.station.events.append([one]);
  await until(() => sending.now.measures.size === 1);
  server.state.hold = null;
  resolve();
  const delivered = (count: number) =>
    eventsUntil(t.station, count, (e) => e.type === "delivery.delivered");
  await delivered(20);
  await until(() => server.state.open <= 1);
  await t.station.events.append([
    applied({ rule: "away", provider: "orange", action: { kind: "switch-pool", pool: "second" } }),
  ]);
  await until(() => sending.now.measures.size === 2);
  server.state.from.length = 0;
  await send(5);
  const last = (await delivered(25)).at(-1)!.data as EventData<"delivery.delivered">;
  assert.deepEqual(new Set(server.state.from), new Set(["127.0.0.13"]));
  assert.deepEqual([last.address, last.pool, last.why.rule], [
    "127.0.0.13",
    "second",
    "switched-pool",
  ]);
});

Deno.test("mail that no address may send is given up when its time is up", async () => {
  await using t = await startTestStation();
  using sending = await follow(t);
  await t.station.events.append([
    applied({ provider: "orange", action: { kind: "suspend", scope: "provider" } }),
  ]);
  await until(() => sending.now.measures.size === 1);
  await using _ = startNode(t, { sending, mode: { kind: "relay", host: "127.0.0.1", port: 9 } });
  const old = deliveryJob("r@orange.fr", { acceptedAt: Date.now() - 3_600_000 });
  await t.station.queue.enqueue([old]);
  const [expired] = await eventsUntil(t.station, 1);
  assert.equal(expired!.type, "delivery.expired");
  const { error, why, address } = expired!.data as EventData<"delivery.expired">;
  assert.match(error!, /^4\.4\.7 no source address/);
  assert.deepEqual([why.rule, address], ["no-address-free", null]);
});
