/** The edge while the log is away: every click is answered, and every hit arrives afterwards. */
import assert from "node:assert/strict";
import { startTestNats, type TestNats } from "@chappe/src/embedded";
import { uuidv7 } from "@chappe/src/events";
import { connectStation, type Station } from "@chappe/src/log";
import { mintToken, type SigningKey } from "@chappe/src/rules";
import { SILENT } from "@chappe/src/runtime";
import { type Edges, startEdges } from "./support/edges.ts";
import { eventually } from "./support/platform.ts";

const TARGET = "https://shop.example/";

/** Clicks, each of a recipient of its own, so that each can be found again. */
function clicker({ port }: Edges, key: SigningKey) {
  const copy = { account: "demo", message: uuidv7(Date.now()), tag: 77n, mode: "full" } as const;
  let rcpt = 0;
  const click = async () => {
    const who = { ...copy, rcpt: rcpt++, prepared: Date.now(), mailing: null };
    const token = mintToken({ ...who, kind: "click", link: 0, url: TARGET }, key);
    const url = `http://127.0.0.1:${port}/c/${token}`;
    const answer = await fetch(url, { redirect: "manual", headers: { "user-agent": "Agent/1.0" } });
    await answer.body?.cancel();
    assert.deepEqual([answer.status, answer.headers.get("location")], [302, TARGET]);
  };
  return {
    get clicks() {
      return rcpt;
    },
    /** So many, eight at a time. */
    async click(count: number) {
      const end = rcpt + count;
      await Promise.all(Array.from({ length: 8 }, async () => {
        while (rcpt < end) await click();
      }));
    },
  };
}

/** How often each recipient stands in the log, by event id. */
async function found({ events }: Station): Promise<Map<number, Set<string>>> {
  const ids = new Map<number, Set<string>>();
  for await (const commit of events.read({ families: ["engagement"] })) {
    for (const { rcpt, id } of commit.events) {
      ids.set(rcpt!, (ids.get(rcpt!) ?? new Set()).add(id));
    }
  }
  return ids;
}

/** Lines in files of hits: what a kill cannot take. */
async function keptLines(folder: string): Promise<number> {
  let lines = 0;
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(`${folder}/${name}`).catch(() => "");
    lines += text.split("\n").length - 1;
  }
  return lines;
}

async function withEdges(
  test: (
    around: { nats: TestNats; edges: Edges; station: Station; key: SigningKey },
  ) => Promise<void>,
): Promise<void> {
  await using nats = await startTestNats();
  await using edges = await startEdges(nats.url);
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  try {
    await test({ nats, edges, station, key: await edges.signingKey(station.events) });
  } finally {
    await station.close();
  }
}

async function allArrive(station: Station, clicks: number): Promise<void> {
  const ids = await eventually("all hits in the log", async () => {
    const ids = await found(station);
    return ids.size === clicks && ids;
  }, 60_000);
  assert([...ids.values()].every((of) => of.size === 1), "one click is one fact");
}

Deno.test("the log goes away under load and comes back: no click unanswered, no hit lost", async () => {
  await withEdges(async ({ nats, edges, station, key }) => {
    const load = clicker(edges, key);
    await load.click(200);
    await nats.kill();
    await load.click(2000);
    await eventually("hits on disk", async () => await keptLines(edges.spill) > 0);
    await Promise.all([load.click(1000), nats.restart()]);
    await load.click(200);
    await allArrive(station, load.clicks);
    await eventually("disk free again", async () => await keptLines(edges.spill) === 0);
  });
});

Deno.test("edges that are killed while the log is away have lost nothing they had answered", async () => {
  await withEdges(async ({ nats, edges, station, key }) => {
    const load = clicker(edges, key);
    await load.click(50);
    await allArrive(station, 50);
    await nats.stop();
    await load.click(500);
    await eventually("hits on disk", async () => await keptLines(edges.spill) >= 500, 60_000);
    await edges.kill();
    await nats.restart();
    await edges.start();
    await allArrive(station, load.clicks);
  });
});
