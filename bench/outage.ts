/**
 * The edge while the log is away: `wrk` goes on for so many seconds (60) with nats-server stopped.
 * Every answer must be a redirect, and every hit must come into the log afterwards. Prints the rate,
 * the memory of the edge's processes at its highest, and how long the log took to catch up.
 */
import { startTestNats } from "@chappe/src/embedded";
import { uuidv7 } from "@chappe/src/events";
import { connectStation } from "@chappe/src/log";
import { mintToken } from "@chappe/src/rules";
import { SILENT } from "@chappe/src/runtime";
import { startEdges } from "../test/support/edges.ts";
import { residentMb } from "./support/cpu.ts";
import { table } from "./support/report.ts";
import { requireTools } from "./support/tools.ts";
import { wrk } from "./support/wrk.ts";

const SECONDS = Number(Deno.args[0] ?? 60);
const CONNECTIONS = 64;

await requireTools({ wrk: "wrk" });
await using nats = await startTestNats();
await using edges = await startEdges(nats.url, {
  CHAPPE_EDGE_SPILL_BYTES: String(8 * 1024 ** 3),
});
const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
const key = await edges.signingKey(station.events);
const token = mintToken({
  kind: "click",
  account: "bench",
  message: uuidv7(Date.now()),
  rcpt: 0,
  tag: 77n,
  mode: "full",
  prepared: Date.now(),
  mailing: null,
  link: 0,
  url: "https://www.example.com/catalogue/winter/boots?utm_source=news&utm_medium=email",
}, key);
const url = `http://127.0.0.1:${edges.port}/c/${token}`;

let highest: number[] = [];
const watching = setInterval(async () => {
  const now = await Promise.all(edges.pids.map(residentMb));
  highest = now.map((mb, i) => Math.max(mb, highest[i] ?? 0));
}, 250);

/** Different hits in the log. */
async function arrived(): Promise<number> {
  const ids = new Set<string>();
  for await (const { events } of station.events.read({ families: ["engagement"] })) {
    for (const { id } of events) ids.add(id);
  }
  return ids.size;
}

try {
  const before = await wrk(url, CONNECTIONS, 5);
  await nats.kill();
  const away = await wrk(url, CONNECTIONS, SECONDS);
  await nats.restart();
  const back = performance.now();
  const answered = before.requests + away.requests;
  let hits = 0;
  while ((hits = await arrived()) < answered && performance.now() - back < 300_000) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  table(["", "figure"], [
    ["redirects/s with the log", before.rate.toFixed(0)],
    [`redirects/s without, for ${SECONDS} s`, away.rate.toFixed(0)],
    ["redirects in all", answered],
    ["hits in the log", hits],
    ["s until all were there", ((performance.now() - back) / 1000).toFixed(0)],
    ["MB resident at the most, by process", highest.map((mb) => mb.toFixed(0)).join(", ")],
  ]);
  if (hits < answered) throw new Error(`${answered - hits} hits are missing`);
} finally {
  clearInterval(watching);
  await station.close();
}
