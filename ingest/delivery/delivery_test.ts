import assert from "node:assert/strict";
import type { Event } from "@chappe/src/events";
import { BodyGoneError, type Queue } from "@chappe/src/log";
import type { DeliveryJob } from "../job.ts";
import { deliveryJob, eventsUntil, startTestStation, until } from "../test_station.ts";
import { outcomeId } from "./decide.ts";
import { startTestDns } from "@chappe/src/dns";
import { DROP, plainServer, startPeer } from "./smtp/test_peer.ts";
import { PREPARER, SOON, startNode } from "./test_node.ts";

const relay = (port: number) => ({ mode: { kind: "relay" as const, host: "127.0.0.1", port } });
const types = (events: Event[]) => events.map((e) => e.type);
const data = (event: Event | undefined) => event!.data as Record<string, unknown>;

Deno.test("delivered: the copy, the event with its facts, the job done", async () => {
  await using t = await startTestStation();
  const mails: string[] = [];
  await using peer = startPeer((p) =>
    plainServer(p, { extensions: ["PIPELINING"], onMail: (m) => mails.push(m) })
  );
  await using _ = startNode(t, relay(peer.port));
  const job = deliveryJob("r@Bücher.example");
  await t.station.queue.enqueue([job]);
  const [event] = await eventsUntil(t.station, 1);
  assert.equal(event!.id, outcomeId(job.data));
  assert.equal(event!.cause, job.data.cause);
  assert.equal(event!.recipient, "r@Bücher.example");
  const { tookMs, ...facts } = data(event);
  assert(Number(tookMs) >= 0);
  assert.deepEqual(facts, {
    attempt: 1,
    address: null,
    pool: "shared",
    provider: "xn--bcher-kva_example",
    domain: "xn--bcher-kva.example",
    mx: "127.0.0.1",
    tls: null,
    why: { rule: "shared-pool", figures: { addresses: 1 } },
    authentication: {
      dkim: [],
      spf: null,
      aligned: { dkim: false, spf: false },
      dmarc: "fail",
    },
    reply: { code: 250, enhanced: "2.0.0", text: "taken" },
  });
  assert.deepEqual(mails, [`Subject: ${job.data.message}\r\n\r\nr@Bücher.example`]);
  assert(peer.lines.includes("RCPT TO:<r@xn--bcher-kva.example>"));
  await until(async () => {
    const { waiting, claimed, scheduled } = await t.station.queue.depth();
    return waiting + claimed + scheduled === 0;
  });
});

Deno.test("refused for good, refused for now and then taken, given up", async () => {
  await using t = await startTestStation();
  let grey = 2;
  await using peer = startPeer((p) =>
    plainServer(p, {
      answer(line) {
        if (line.startsWith("RCPT TO:<gone")) return "550 5.1.1 no such user";
        if (line.startsWith("RCPT TO:<never")) return "451 4.3.0 never";
        if (line.startsWith("RCPT TO:<grey") && grey-- > 0) return "450 4.7.1 greylisted";
      },
    })
  );
  await using _ = startNode(t, relay(peer.port));
  const old = Date.now() - SOON.giveUpAfter;
  const jobs = {
    gone: deliveryJob("gone@a.test"),
    grey: deliveryJob("grey@a.test"),
    never: deliveryJob("never@a.test", { acceptedAt: old, attempt: 7 }),
  };
  await t.station.queue.enqueue(Object.values(jobs));
  const events = await eventsUntil(t.station, 5);
  const of = (job: { data: DeliveryJob }) => events.filter((e) => e.message === job.data.message);

  assert.deepEqual(types(of(jobs.gone)), ["delivery.bounced"]);
  const { class: about, kind, mode, reply } = data(of(jobs.gone)[0]);
  assert.deepEqual({ about, kind, mode }, { about: "unknown-user", kind: "hard", mode: "sync" });
  assert.deepEqual(reply, { code: 550, enhanced: "5.1.1", text: "no such user" });

  assert.deepEqual(types(of(jobs.grey)), [
    "delivery.deferred",
    "delivery.deferred",
    "delivery.delivered",
  ]);
  assert.deepEqual(of(jobs.grey).map((e) => data(e).attempt), [1, 2, 3]);
  assert.equal(data(of(jobs.grey)[0]).class, "greylisting");

  assert.deepEqual(types(of(jobs.never)), ["delivery.expired"]);
});

Deno.test("many copies travel over few connections", async () => {
  await using t = await startTestStation();
  let count = 0;
  await using peer = startPeer((p) =>
    plainServer(p, { extensions: ["PIPELINING"], onMail: () => count++ })
  );
  await using _ = startNode(t, {
    ...relay(peer.port),
    limits: { connections: 20, perDestination: 3, messagesPerConnection: 1000, idleMs: 5000 },
  });
  const jobs = Array.from({ length: 200 }, (_, i) => deliveryJob(`r${i}@d${i}.test`));
  await t.station.queue.enqueue(jobs);
  const events = await eventsUntil(t.station, 200);
  assert(events.every((e) => e.type === "delivery.delivered"));
  assert.equal(count, 200);
  assert(peer.connections() <= 3, `${peer.connections()} connections`);
});

Deno.test("a server that closes between messages costs nobody an attempt", async () => {
  await using t = await startTestStation();
  await using peer = startPeer((p) => {
    // One message a connection; the next is met with 421, or with nothing at all.
    let mails = 0;
    return plainServer(p, {
      answer: (line) =>
        line.startsWith("MAIL") && mails === 1
          ? p.number % 2 === 0 ? "421 4.4.2 enough" : DROP
          : undefined,
      onMail: () => mails++,
    });
  });
  await using _ = startNode(t, {
    ...relay(peer.port),
    limits: { connections: 1, perDestination: 1, messagesPerConnection: 100, idleMs: 5000 },
  });
  await t.station.queue.enqueue(Array.from({ length: 6 }, (_, i) => deliveryJob(`r${i}@a.test`)));
  const events = await eventsUntil(t.station, 6);
  assert.deepEqual(types(events), Array(6).fill("delivery.delivered"));
  assert.equal(peer.connections(), 6);
});

Deno.test("a connection lost after the message is an attempt; broken TLS is not", async () => {
  await using t = await startTestStation();
  let drops = 1;
  await using peer = startPeer((p) =>
    plainServer(p, {
      extensions: ["STARTTLS"],
      answer(line) {
        if (line === "." && drops-- > 0) return DROP;
        if (line === "STARTTLS") return "220 go\r\n220 in clear";
      },
    })
  );
  await using _ = startNode(t, relay(peer.port));
  await t.station.queue.enqueue([deliveryJob("r@a.test")]);
  const events = await eventsUntil(t.station, 2);
  assert.deepEqual(types(events), ["delivery.deferred", "delivery.delivered"]);
  const { reply, error, class: about, tls } = data(events[0]);
  assert.deepEqual({ reply, about, tls }, { reply: null, about: "connection", tls: null });
  assert.match(String(error), /^4\.4\.2 .*connection closed/);
  assert.equal(peer.lines.filter((l) => l === "STARTTLS").length, 1, "remembered");
});

Deno.test("the internet: MX order, dead hosts passed over, no route, providers", async () => {
  await using t = await startTestStation();
  await using peer = startPeer((p) => plainServer(p), { hostname: "127.0.0.20" });
  const mx = (preference: number, value: string) => ({ type: "MX", preference, value }) as const;
  await using dns = await startTestDns({
    "a.test": { records: [mx(1, "dead.test"), mx(2, "aspmx.l.google.com")] },
    "dead.test": { records: [{ type: "A", value: "127.0.0.21" }] },
    "aspmx.l.google.com": { records: [{ type: "A", value: "127.0.0.20" }] },
    "null.test": { records: [mx(0, ".")] },
    "broken.test": { rcode: 2 },
    "down.test": { records: [{ type: "A", value: "127.0.0.21" }] },
  });
  await using _ = startNode(t, {
    dns: dns.server,
    mode: { kind: "internet", port: peer.port },
    sources: ["127.0.0.7"],
    retry: { ...SOON, every: 3_600_000 },
  });
  const names = ["a.test", "null.test", "none.test", "broken.test", "down.test"];
  await t.station.queue.enqueue(names.map((name) => deliveryJob(`r@${name}`)));
  const events = await eventsUntil(t.station, 5);
  const of = (name: string) => events.find((e) => e.recipient === `r@${name}`)!;

  assert.equal(of("a.test").type, "delivery.delivered");
  const { mx: host, provider, address } = data(of("a.test"));
  assert.deepEqual({ host, provider, address }, {
    host: "aspmx.l.google.com",
    provider: "google",
    address: "127.0.0.7",
  });
  for (const [name, code] of [["null.test", "5.1.10"], ["none.test", "5.1.2"]] as const) {
    assert.equal(of(name).type, "delivery.bounced");
    const { class: about, kind, error, mx } = data(of(name));
    assert.deepEqual({ about, kind, mx }, { about: "dns", kind: "hard", mx: null });
    assert(String(error).startsWith(code));
  }
  assert.equal(of("broken.test").type, "delivery.deferred");
  assert.equal(data(of("broken.test")).class, "dns");
  assert.equal(of("down.test").type, "delivery.deferred");
  assert.equal(data(of("down.test")).class, "connection");
});

Deno.test("a dead and a silent server hold up nobody else", async () => {
  await using t = await startTestStation();
  await using good = startPeer((p) => plainServer(p), { hostname: "127.0.0.30" });
  await using _silent = startPeer(async (p) => void await p.line(), {
    hostname: "127.0.0.31",
    port: good.port,
  });
  await using dns = await startTestDns({
    "good.test": { records: [{ type: "A", value: "127.0.0.30" }] },
    "silent.test": { records: [{ type: "A", value: "127.0.0.31" }] },
  });
  await using _ = startNode(t, {
    dns: dns.server,
    mode: { kind: "internet", port: good.port },
    maxInFlight: 20,
    limits: { connections: 4, perDestination: 3, messagesPerConnection: 100, idleMs: 50 },
    timeouts: { connect: 1e4, greeting: 1e5, command: 1e4, content: 1e4, endOfData: 1e4 },
  });
  const jobs = Array.from({ length: 100 }, (_, i) => deliveryJob(`r${i}@silent.test`));
  await t.station.queue.enqueue(jobs);
  await t.station.queue.enqueue(
    Array.from({ length: 20 }, (_, i) => deliveryJob(`r${i}@good.test`)),
  );
  const delivered = (e: Event) => e.type === "delivery.delivered";
  const events = await eventsUntil(t.station, 20, delivered);
  assert(events.every((e) => e.recipient!.endsWith("@good.test")));
});

Deno.test("a copy that cannot be made: gone for good is a bounce, anything else is tried again", async () => {
  await using t = await startTestStation();
  await using peer = startPeer((p) => plainServer(p));
  let releases = 0;
  const station: typeof t.station = {
    ...t.station,
    queue: {
      enqueue: (jobs) => t.station.queue.enqueue(jobs),
      schedule: (job, at) => t.station.queue.schedule(job, at),
      depth: () => t.station.queue.depth(),
      async *claim<T>(options: Parameters<Queue["claim"]>[0]) {
        for await (const claim of t.station.queue.claim<T>(options)) {
          yield {
            ...claim,
            release() {
              releases++;
              claim.release(0);
            },
          };
        }
      },
    },
  };
  let failures = 1;
  await using _ = startNode({ station }, {
    ...relay(peer.port),
    preparer: {
      prepare(job) {
        if (job.recipient.startsWith("gone")) return Promise.reject(new BodyGoneError("b"));
        if (failures-- > 0) return Promise.reject(new Error("no key"));
        return PREPARER.prepare(job);
      },
    },
  });
  await t.station.queue.enqueue([deliveryJob("gone@a.test"), deliveryJob("r@a.test")]);
  const events = await eventsUntil(t.station, 2);
  const gone = events.find((e) => e.recipient === "gone@a.test")!;
  assert.equal(gone.type, "delivery.bounced");
  const { class: about, error } = data(gone);
  assert.deepEqual({ about, error }, { about: "other", error: "message body no longer kept" });
  assert.equal(events.find((e) => e.recipient === "r@a.test")!.type, "delivery.delivered");
  assert.equal(releases, 1);
});
