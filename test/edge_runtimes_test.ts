/** The same edge on Deno and on workerd: the same requests, the same answers, the same facts. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { startTestNats } from "@chappe/src/embedded";
import { type Event, event, type NewEvent, uuidv7, validate } from "@chappe/src/events";
import { connectStation, type Station } from "@chappe/src/log";
import { formatTag, mintToken } from "@chappe/src/rules";
import { SILENT } from "@chappe/src/runtime";
import {
  CHOICES,
  type Expected,
  HITS,
  type Known,
  requestsFor,
  TARGET,
  tokensOf,
  WITHDRAWN,
} from "../edge-tracking/test_requests.ts";
import { accepted } from "../ingest/test_station.ts";
import { type Edges, startEdges } from "./support/edges.ts";
import { eventually } from "./support/platform.ts";
import { startWorker } from "./support/workerd.ts";

const SECRET = "a secret that a worker and the core share";
const DISABLED = uuidv7(Date.now());
/** As a proxy before the one or the other says who asks. */
const CLIENT = {
  "x-forwarded-for": "203.0.113.77",
  "x-client": "203.0.113.77",
  "user-agent": "Agent/1.0",
};

async function ask(base: string, { request, headers, form }: Expected): Promise<Response> {
  const [method, path] = request.split(" ") as [string, string];
  const type = { "content-type": "application/x-www-form-urlencoded" };
  return await fetch(base + path, {
    method,
    redirect: "manual",
    headers: { ...CLIENT, ...headers, ...form === undefined ? {} : type },
    ...form === undefined ? {} : { body: form },
  });
}

async function check(base: string, expected: Expected): Promise<void> {
  const answer = await ask(base, expected);
  const body = await answer.text();
  const what = expected.request.slice(0, 80);
  assert.equal(answer.status, expected.status, what);
  for (const [name, value] of Object.entries(expected.has ?? {})) {
    assert.equal(answer.headers.get(name), value, `${what}: ${name}`);
  }
  assert.equal(answer.headers.get("set-cookie"), null, what);
  if (expected.body !== undefined) assert.match(body, expected.body, what);
}

/** A key that signs, one that is retired, a message whose links are off, a consent withdrawn. */
async function prepare(station: Station, edges: Edges): Promise<Omit<Known, "message" | "tag">> {
  const retired = await edges.signingKey(station.events);
  const at = Date.now();
  const append = (...events: NewEvent[]) => station.events.append(events);
  const of = (account: string) => ({ id: uuidv7(at), account, at });
  const secret = edges.seal(crypto.getRandomValues(new Uint8Array(32)));
  await append(event("settings.token-key-created", of("platform"), { kid: 2, secret }));
  const key = await edges.signingKey(station.events);
  await append(
    event("settings.token-key-retired", of("platform"), { kid: retired.kid }),
    event("settings.links-disabled", of("demo"), {
      scope: "message",
      of: DISABLED,
      reason: "for a test",
      byPlatform: true,
    }),
    event("consent.withdrawn", of("demo"), { tag: formatTag(WITHDRAWN), source: "api" }),
  );
  const click = { kind: "click", link: 0, url: TARGET } as const;
  const copy = { account: "demo", rcpt: 0, tag: 1n, mode: "full", prepared: at } as const;
  const probe = mintToken({ ...copy, message: DISABLED, mailing: null, ...click }, key);
  // Two processes share the port: each has to have seen the change.
  await eventually("switches in force", async () => {
    const seen = await Promise.all(
      Array.from({ length: 16 }, async () => {
        const answer = await fetch(`http://127.0.0.1:${edges.port}/c/${probe}`, {
          headers: { connection: "close" },
        });
        await answer.body?.cancel();
        return answer.status;
      }),
    );
    return seen.every((status) => status === 410);
  });
  return { key, retired, disabled: DISABLED, prepared: at };
}

async function factsOf(station: Station, message: string): Promise<Event[]> {
  const found = new Map<string, Event>();
  const families = ["engagement", "feedback", "consent"] as const;
  for await (const commit of station.events.read({ families })) {
    for (const fact of commit.events) if (fact.message === message) found.set(fact.id, fact);
  }
  return [...found.values()].map(validate);
}

/** Facts without what differs from one time to the next. */
function told(facts: Event[]): string[] {
  return facts.map(({ type, rcpt, data }) => {
    const { sinceSent, tag: _, ...rest } = data as { sinceSent?: number; tag?: string };
    if (sinceSent !== undefined) assert(sinceSent >= 0 && sinceSent < 600_000);
    return JSON.stringify([type, rcpt, rest]);
  }).sort();
}

Deno.test("one table of requests, two runtimes: the same answers and the same facts", async () => {
  await using nats = await startTestNats();
  await using edges = await startEdges(nats.url, {
    CHAPPE_EDGE_SECRET: SECRET,
    CHAPPE_TRUSTED_PROXIES: "127.0.0.0/8",
  });
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  const deno = `http://127.0.0.1:${edges.port}`;
  try {
    const known = await prepare(station, edges);
    await using worker = await startWorker({
      INTAKE_URL: `${deno}/intake`,
      EDGE_SECRET: SECRET,
      CLIENT_ADDRESS_HEADER: "x-client",
    });
    const outcome: string[][] = [];
    for (const [base, tag] of [[deno, 1n], [worker.url, 2n]] as const) {
      const message = uuidv7(Date.now());
      for (const expected of requestsFor(tokensOf({ ...known, message, tag }))) {
        await check(base, expected);
      }
      const facts = await eventually(`facts of ${base}`, async () => {
        const facts = await factsOf(station, message);
        return facts.length >= HITS.length + CHOICES.length && facts;
      });
      const hits = facts.filter(({ type }) => type.startsWith("engagement."));
      const seen = hits.map(({ rcpt, data }) => [rcpt, (data as { url?: string }).url ?? null]);
      assert.deepEqual(seen.map(String).sort(), HITS.map(String).sort());
      const choices = facts.filter((fact) => !hits.includes(fact)).map(({ type }) => type);
      assert.deepEqual(choices.sort(), [...CHOICES]);
      outcome.push(told(facts));
    }
    assert.deepEqual(outcome[1], outcome[0]);
    assert(outcome[0]!.some((fact) => fact.includes('"ip":"203.0.113.0"')), outcome[0]!.join("\n"));
  } finally {
    await station.close();
  }
});
Deno.test("a worker whose core is away answers, hands its hits over later, and confirms nothing", async () => {
  await using nats = await startTestNats();
  await using edges = await startEdges(nats.url, { CHAPPE_EDGE_SECRET: SECRET });
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  try {
    const key = await edges.signingKey(station.events);
    const message = uuidv7(Date.now());
    const known = { key, retired: key, disabled: DISABLED, message, tag: 1n, prepared: Date.now() };
    const { open, click, leave } = tokensOf(known);
    await using worker = await startWorker({
      INTAKE_URL: `http://127.0.0.1:${edges.port}/intake`,
      EDGE_SECRET: SECRET,
    });
    const get = (path: string) =>
      check(worker.url, { request: `GET ${path}`, status: path[1] === "c" ? 302 : 200 });
    await get(`/o/${open}`);
    await edges.kill();
    for (let i = 0; i < 20; i++) await get(`/c/${click}`);
    // The core hears of this before it hears of those clicks; the worker, away from it, does not.
    await station.events.append([
      event("consent.withdrawn", { id: uuidv7(Date.now()), account: "demo", at: Date.now() }, {
        tag: formatTag(known.tag),
        source: "api",
      }),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await get(`/c/${click}`);
    const form = "List-Unsubscribe=One-Click";
    await check(worker.url, { request: `POST /u/${leave}`, form, status: 503 });
    await edges.start();
    await check(worker.url, { request: `POST /u/${leave}`, form, status: 200 });
    // An opening, twenty clicks and the unsubscription: not the click after consent was withdrawn.
    const facts = await eventually("all facts", async () => {
      await get(`/u/${leave}`);
      const facts = await factsOf(station, message);
      return facts.length >= 22 && facts;
    }, 60_000);
    assert.equal(facts.length, 22);
    const clicks = facts.filter(({ type }) => type === "engagement.clicked");
    assert.equal(clicks.length, 20);
  } finally {
    await station.close();
  }
});

Deno.test("a file comes through a worker to the byte", async () => {
  await using nats = await startTestNats();
  await using edges = await startEdges(nats.url, { CHAPPE_EDGE_SECRET: SECRET });
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  try {
    const key = await edges.signingKey(station.events);
    const content = randomBytes(5_000_000);
    const base64 = content.toString("base64").replace(/.{76}/g, "$&\r\n");
    const body = await station.bodies.put(new TextEncoder().encode(base64));
    const place = { start: 0, end: base64.length, encoding: "base64" } as const;
    const name = "été.pdf";
    const made = accepted(["you@example.net"]);
    const files = [{ name, type: "application/pdf", size: content.length, ...place }];
    const [told] = await station.events.append([
      { ...made, data: { ...made.data, body, files } },
    ]);
    const copy = { account: made.account, message: made.message!, rcpt: 0, tag: 1n } as const;
    const when = { mode: "full", prepared: Date.now(), mailing: null } as const;
    const token = mintToken(
      { ...copy, ...when, kind: "file", file: 0, name, link: 0, told: told! },
      key,
    );
    await using worker = await startWorker({
      INTAKE_URL: `http://127.0.0.1:${edges.port}/intake`,
      EDGE_SECRET: SECRET,
    });
    for (const base of [`http://127.0.0.1:${edges.port}`, worker.url]) {
      const answer = await fetch(`${base}/f/${token}`);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("content-type"), "application/pdf");
      assert.match(
        answer.headers.get("content-disposition")!,
        /filename\*=UTF-8''%C3%A9t%C3%A9\.pdf$/,
      );
      assert.ok(content.equals(await answer.bytes()), base);
      const head = await fetch(`${base}/f/${token}`, { method: "HEAD" });
      assert.deepEqual([head.status, await head.text()], [200, ""]);
    }
    await eventually(
      "both clicks",
      async () => (await factsOf(station, made.message!)).length === 2,
    );
  } finally {
    await station.close();
  }
});
