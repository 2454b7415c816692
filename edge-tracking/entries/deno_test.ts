/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type Event, type NewEvent, readLines, uuidv7 } from "@chappe/src/events";
import { LogUnavailableError } from "@chappe/src/log";
import { mintToken } from "@chappe/src/rules";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { createVault, NO_SETTINGS } from "@chappe/src/settings";
import { type EdgeServer, startEdge } from "./deno.ts";

const SECRET = new Uint8Array(32).fill(7);
const KEY = { kid: 1, secret: SECRET };
const BASE = {
  account: "demo",
  message: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071",
  rcpt: 0,
  tag: 77n,
  mode: "full" as const,
  prepared: Date.UTC(2026, 10, 22),
  mailing: null,
};
const OPEN = mintToken({ ...BASE, kind: "open" }, KEY);
const CLICK = mintToken({ ...BASE, kind: "click", link: 0, url: "https://shop.example/" }, KEY);
const LEAVE = mintToken({ ...BASE, kind: "unsubscribe" }, KEY);
const WITHDRAWN = 78n;
const LOCAL = { hostname: "127.0.0.1", port: 0 };

async function serve(trustedProxies: string[] = [], listen = LOCAL) {
  const vault = createVault(new Uint8Array(32));
  const tokenKeys = new Map([[1, {
    kid: 1,
    secret: vault.seal(SECRET),
    createdAt: 0,
    retiredAt: null,
  }]]);
  const folder = await Deno.makeTempDir({ prefix: "chappe-edge-" });
  const log = { events: [] as NewEvent[], away: false };
  const metrics = createMetrics();
  const started = await startEdge({
    listen,
    events: {
      appendLines: (pieces) => {
        if (log.away) return Promise.reject(new LogUnavailableError("away"));
        log.events.push(...pieces.flatMap(({ bytes }) => readLines(bytes)));
        return Promise.resolve();
      },
      at: () => log.away ? Promise.reject(new LogUnavailableError("away")) : Promise.resolve(null),
    },
    bodies: { read: () => (async function* () {})() },
    settings: { seq: 0, now: { ...NO_SETTINGS, tokenKeys }, unseal: vault.unseal },
    consents: {
      withdrawn: (tag) => tag === WITHDRAWN,
      withdrawnBefore: (tag) => tag === WITHDRAWN,
      seq: 0,
      tags: () => [WITHDRAWN],
    },
    intakeSecret: null,
    spill: { folder, maxBytes: 1_000_000 },
    trustedProxies,
    now: Date.now,
    newId: uuidv7,
    logger: SILENT,
    metrics,
  });
  const server: EdgeServer = {
    address: started.address,
    async close(drainMs) {
      await started.close(drainMs);
      await Deno.remove(folder, { recursive: true });
    },
  };
  const { hostname, port } = server.address;
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`http://${hostname}:${port}${path}`, { redirect: "manual", ...init });
  return { log, server, ask, metrics };
}

Deno.test("over HTTP: pixel, redirect, unsubscribe; all in the log when the edge has stopped", async () => {
  const { log, server, ask } = await serve();
  const pixel = await ask(`/o/${OPEN}`, { headers: { "user-agent": "Agent/1.0" } });
  assert.equal((await pixel.arrayBuffer()).byteLength, 43);
  assert.equal(pixel.headers.get("content-length"), "43");
  const click = await ask(`/c/${CLICK}`);
  assert.deepEqual([click.status, click.headers.get("location")], [302, "https://shop.example/"]);
  await click.body?.cancel();
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  const left = await ask(`/u/${LEAVE}`, { method: "POST", body });
  assert.equal(left.status, 200);
  await left.body?.cancel();
  assert(log.events.some((e) => e.type === "feedback.unsubscribed"));
  const head = await ask(`/o/${OPEN}`, { method: "HEAD" });
  assert.equal(head.headers.get("content-type"), "image/gif");
  const lost = await ask(`/o/${OPEN.slice(1)}`);
  assert.equal(lost.status, 404);
  await lost.body?.cancel();
  await server.close(5000);
  assert.deepEqual(log.events.map((e) => e.type).sort(), [
    "engagement.clicked",
    "engagement.opened",
    "feedback.unsubscribed",
  ]);
  const opened = log.events.find((e): e is Event<"engagement.opened"> =>
    e.type === "engagement.opened"
  )!;
  assert.deepEqual([opened.data.userAgent, opened.data.ip], ["Agent/1.0", "127.0.0.0"]);
});

Deno.test("over HTTP: who has withdrawn consent is answered and not recorded", async () => {
  const { log, server, ask } = await serve();
  const own = { ...BASE, tag: WITHDRAWN };
  const open = await ask(`/o/${mintToken({ ...own, kind: "open" }, KEY)}`);
  assert.equal((await open.arrayBuffer()).byteLength, 43);
  const token = mintToken({ ...own, kind: "unsubscribe" }, KEY);
  const body = new URLSearchParams({ confirm: "stop-measuring" });
  const answer = await ask(`/u/${token}`, { method: "POST", body });
  assert.match(await answer.text(), /not measured any more/);
  await server.close(5000);
  assert.deepEqual(log.events.map((e) => e.type), ["consent.withdrawn"]);
});

Deno.test("while the log is away the edge goes on answering, and writes the hits later", async () => {
  const { log, server, ask, metrics } = await serve();
  log.away = true;
  for (let i = 0; i < 10; i++) {
    assert.equal((await (await ask(`/o/${OPEN}`)).arrayBuffer()).byteLength, 43);
  }
  const value = (name: string) => metrics.snapshot().find((s) => s.name === name)?.value;
  while (value("chappe_edge_hits_held") !== 0) await new Promise((r) => setTimeout(r, 5));
  assert(value("chappe_edge_spill_bytes")! > 10 * 200);
  log.away = false;
  while (log.events.length < 10) await new Promise((r) => setTimeout(r, 5));
  await server.close(5000);
  assert.equal(new Set(log.events.map((e) => e.id)).size, 10);
});

Deno.test("the address behind a trusted proxy is kept, cut", async () => {
  for (const [trusted, kept] of [[["127.0.0.0/8"], "203.0.113.0"], [[], "127.0.0.0"]] as const) {
    const { log, server, ask } = await serve([...trusted]);
    await (await ask(`/o/${OPEN}`, { headers: { "x-forwarded-for": "203.0.113.77" } })).body
      ?.cancel();
    await server.close(5000);
    assert.equal((log.events[0]!.data as { ip: string }).ip, kept);
  }
});

Deno.test("a port that is taken is an error, not a silence", async () => {
  const { server } = await serve();
  await assert.rejects(
    () => serve([], { hostname: "127.0.0.1", port: server.address.port }),
    Deno.errors.AddrInUse,
  );
  await server.close(1000);
});

Deno.test("the door of the edge knows no runtime: it type-checks without one", async () => {
  const check = (path: string) =>
    new Deno.Command(Deno.execPath(), { args: ["check", "--quiet", path], stderr: "piped" })
      .output();
  const folder = new URL("..", import.meta.url).pathname;
  const door = await check(`${folder}mod.ts`);
  assert(door.success, new TextDecoder().decode(door.stderr));
  const probe = await Deno.makeTempFile({ dir: folder, prefix: "probe_", suffix: "_test.ts" });
  try {
    await Deno.writeTextFile(probe, "export const x = [Deno.args, process.argv, Buffer.from('')];");
    const refused = await check(probe);
    const said = new TextDecoder().decode(refused.stderr);
    assert(!refused.success);
    for (const name of ["Deno", "process", "Buffer"]) assert(said.includes(`'${name}'`), said);
  } finally {
    await Deno.remove(probe);
  }
});
