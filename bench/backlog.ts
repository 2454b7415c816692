/**
 * A provider that takes nothing, with a great deal of mail for it: how long the others' mail stands in
 * the queue meanwhile, and what memory that takes. On a real nats-server, with a worker that refuses
 * each job of the flooded lane (as a 421 would), schedules it anew, and does all others at once.
 *
 * `deno task bench backlog [jobs]` (50,000 by default, 500,000 for the figures that the limits are
 * for). Queue times do not depend on the number of jobs; memory goes with the packs they wait in, 250
 * jobs at most to each, so that the smaller run says little about it.
 */
import type { DeliveryJob } from "../ingest/job.ts";
import { startTestNats } from "../src/embedded/mod.ts";
import { uuidv7 } from "../src/events/mod.ts";
import { connectStation, type Job } from "../src/log/mod.ts";
import { SILENT } from "../src/runtime/mod.ts";
import { table } from "./support/report.ts";

const JOBS = Number(Deno.args[0] ?? 50_000);
/** Jobs that come in a second: more than a node accepts (see `bench relay`). */
const PER_SECOND = 5_000;
/** A server answers in this time, ms. */
const ANSWER_MS = 20;
/** Between jobs to others, ms; and how many others there are. */
const EVERY_MS = 10;
const OTHERS = 20;
const MAX_IN_FLIGHT = 1000;
const LIMITS = { queueMs: 1000, natsMb: 400 };
const DAY = 86_400_000;

await using nats = await startTestNats();
const open = () =>
  connectStation({ url: nats.url, now: Date.now, logger: SILENT, appendTimeoutMs: 30_000 });
const [front, node] = [await open(), await open()];

function jobOf(recipient: string, lane: string, attempt: number): Job<DeliveryJob> {
  const message = uuidv7(Date.now());
  return {
    id: `${message}.0.${attempt}`,
    lane,
    data: {
      account: "newsletters",
      message,
      rcpt: 0,
      recipient,
      kind: "to",
      attempt,
      acceptedAt: Date.now(),
      cause: uuidv7(Date.now()),
      recipients: 1,
      accepted: {
        sender: "news@news.example.com",
        from: "news@news.example.com",
        messageId: `<${message}@news.example.com>`,
        body: "123456:104857:20480",
        size: 20_480,
        tracking: { mode: "full", opens: true, clicks: true },
        listUnsubscribe: "header-and-footer",
        smtputf8: false,
      },
      label: "autumn 2026",
    },
  };
}

let waits: number[] = [];
let refused = 0;
let most = { nats: 0, node: 0 };
/** When the refused are to come again, after attempt 1 and 2. */
let next = [Date.now() + DAY, Date.now() + DAY] as [number, number];
let spread = 0;

const abort = new AbortController();
const working = (async () => {
  const options = { maxInFlight: MAX_IN_FLIGHT, signal: abort.signal };
  for await (const claim of node.queue.claim<DeliveryJob>(options)) {
    if (claim.lane !== "flooded") {
      waits.push(Date.now() - claim.enqueued);
      claim.ack();
      continue;
    }
    setTimeout(async () => {
      const { attempt, message } = claim.data;
      const data = { ...claim.data, attempt: attempt + 1 };
      const at = next[attempt === 1 ? 0 : 1] + Math.random() * spread;
      await node.queue.schedule({ id: `${message}.0.${attempt + 1}`, lane: "flooded", data }, at);
      refused++;
      claim.ack();
    }, ANSWER_MS);
  }
})();

const others = setInterval(() => {
  const lane = `other_${Math.floor(Math.random() * OTHERS)}`;
  void front.queue.enqueue([jobOf(`reader@${lane}.example`, lane, 1)]);
}, EVERY_MS);

/** Resident MB. */
function memory(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)![1]) / 1024;
}
const watching = setInterval(() => {
  most = {
    nats: Math.max(most.nats, memory(nats.pid)),
    node: Math.max(most.node, memory(Deno.pid)),
  };
}, 250);

const rows: (string | number)[][] = [];
let failed = false;
function report(phase: string, seconds: number): void {
  const sorted = waits.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  const p99 = at(0.99);
  const ok = sorted.length > 0 && p99 <= LIMITS.queueMs && most.nats <= LIMITS.natsMb;
  failed ||= !ok;
  rows.push([
    phase,
    seconds.toFixed(0),
    sorted.length,
    at(0.5),
    p99,
    sorted.at(-1) ?? 0,
    most.nats.toFixed(0),
    most.node.toFixed(0),
    ok ? "yes" : "NO",
  ]);
  waits = [];
  most = { nats: 0, node: 0 };
}

async function phase(name: string, work: () => Promise<void>): Promise<void> {
  const started = performance.now();
  await work();
  report(name, (performance.now() - started) / 1000);
}
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!await condition()) await pause(200);
}

await phase("nothing else", () => pause(5_000));
// The second attempts come due together, at a rate that no server of the lane would stand.
spread = JOBS / PER_SECOND * 1000;
next = [Date.now() + 2 * spread + 15_000, Date.now() + DAY];
await phase("the flood comes, all is refused", async () => {
  const started = performance.now();
  for (let sent = 0; sent < JOBS;) {
    const due = Math.min(JOBS, (performance.now() - started) / 1000 * PER_SECOND);
    const count = Math.floor(due) - sent;
    await front.queue.enqueue(
      Array.from({ length: count }, (_, i) => jobOf(`r${sent + i}@flooded.example`, "flooded", 1)),
    );
    sent += count;
    await pause(50);
  }
  await until(() => refused >= JOBS);
});
const scheduled = (await front.queue.depth()).scheduled;
await phase("all are deferred", () => pause(Math.max(5_000, next[0] - Date.now() - 1_000)));
await phase("all come due, all is refused again", () => until(() => refused >= 2 * JOBS));
await phase("all are deferred again", () => pause(10_000));
clearInterval(others);
clearInterval(watching);
await until(async () => {
  const { waiting, claimed } = await front.queue.depth();
  return waiting + claimed === 0;
});
const before = (await front.queue.depth()).scheduled;
const packs = (await front.usage()).QUEUE!.messages;
await nats.kill();
const killed = performance.now();
await nats.restart();
await until(() => front.connected());
const after = (await front.queue.depth()).scheduled;
const back = performance.now() - killed;

table(
  ["", "s", "others' jobs", "p50 ms", "p99", "max", "nats-server MB", "worker MB", "held"],
  rows,
);
console.log(`limits: p99 ${LIMITS.queueMs} ms, nats-server ${LIMITS.natsMb} MB at any time`);
console.log(
  `scheduled: ${scheduled} of ${JOBS} after the first refusals, ${before} after the second`,
);
console.log(
  `after kill -9: ${after} in ${packs} messages, back in ${back.toFixed(0)} ms ` +
    `with ${memory(nats.pid).toFixed(0)} MB`,
);
abort.abort();
await working;
await Promise.all([front.close(), node.close()]);
if (failed || scheduled !== JOBS || before !== JOBS || after !== JOBS) Deno.exitCode = 1;
