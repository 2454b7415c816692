/**
 * A provider that takes nothing, with a great deal of mail for it: how long mail to others is on its way
 * meanwhile, from the queue to the receiving server, and what memory that takes. A delivery node in a
 * process of its own does the work. First copies are put back into the queue as such a node does with
 * what was refused for now; fresh ones come on top, are tried, refused and put back by the node; then
 * they come due one after the other, are tried again, refused again.
 *
 * `deno task bench backlog [copies]`: 50,000 by default; 500,000 for the figures that the limits are for.
 */
import { laneOf } from "../ingest/mod.ts";
import { deliveryJob } from "../ingest/test_station.ts";
import { startTestDns } from "../src/dns/mod.ts";
import { startTestNats } from "../src/embedded/mod.ts";
import { connectStation } from "../src/log/mod.ts";
import { SILENT } from "../src/runtime/mod.ts";
import { startReceiver } from "./support/backlog_receiver.ts";
import { table } from "./support/report.ts";

const COPIES = Number(Deno.args[0] ?? 50_000);
/** Tried for the first time while the others are put back. */
const FRESH = 5_000;
/** Between those that come due: as a node spreads them. */
const APART_MS = 4;
/** Put at a time. */
const CHUNK = 200;
/** Between copies to others, ms; and how many others there are. */
const EVERY_MS = 10;
const OTHERS = 20;
const LIMITS = { queueMs: 1000, natsMb: 400 };
const FLOODED = "flooded.example";
const DAY = 86_400_000;
/** Copies that are put back in a second: more than a node does. */
const PUT_PER_SECOND = 2_000;
/** The server writes down what it knows every two minutes, and that takes memory too. */
const STANDING_MS = 150_000;
const DUE_MS = 120_000;

const domains = Array.from({ length: OTHERS }, (_, i) => `other${i}.example`);
/** One that shares the lane of the flooded one. */
let neighbour = "near.example";
for (let i = 0; lane(neighbour) !== lane(FLOODED); i++) neighbour = `near${i}.example`;
domains.push(neighbour);

await using nats = await startTestNats();
const records = [{ type: "A" as const, value: "127.0.0.1" }];
await using dns = await startTestDns(
  Object.fromEntries([FLOODED, ...domains].map((domain) => [domain, { records }])),
);
using receiver = startReceiver(FLOODED);
const open = () =>
  connectStation({ url: nats.url, now: Date.now, logger: SILENT, appendTimeoutMs: 30_000 });
const [front, side] = [await open(), await open()];
const node = new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "-A", "--quiet", `${import.meta.dirname}/support/backlog_node.ts`],
    ...[nats.url, `${dns.server.port}`, `${receiver.port}`, `${DAY}`],
  ],
}).spawn();

function lane(domain: string): string {
  return laneOf(domain.replaceAll(".", "_"));
}
const copy = (domain: string) => deliveryJob(`r${Date.now()}@${domain}`);
const others = setInterval(() => {
  void side.queue.enqueue([copy(domains[Math.floor(Math.random() * domains.length)]!)]);
}, EVERY_MS);

let most = { nats: 0, node: 0 };
/** Resident MB. */
function memory(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)![1]) / 1024;
}
const watching = setInterval(() => {
  most = {
    nats: Math.max(most.nats, memory(nats.pid)),
    node: Math.max(most.node, memory(node.pid)),
  };
}, 200);

const rows: (string | number)[][] = [];
let failed = false;
async function phase(name: string, work: () => Promise<void>): Promise<void> {
  receiver.takeWaits();
  most = { nats: 0, node: 0 };
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const waits = receiver.takeWaits();
  const near = waits.filter(({ domain }) => domain === neighbour);
  const far = waits.filter(({ domain }) => domain !== neighbour);
  const p99 = at(far, 0.99);
  const ok = far.length > 0 && p99 <= LIMITS.queueMs && most.nats <= LIMITS.natsMb;
  failed ||= !ok;
  rows.push([
    ...[name, seconds.toFixed(0), receiver.refused(), far.length],
    ...[at(far, 0.5), p99, at(far, 1), at(near, 0.99)],
    ...[most.nats.toFixed(0), most.node.toFixed(0), ok ? "yes" : "NO"],
  ]);
  console.log(rows.at(-1)!.join("  "));
}
function at(waits: readonly { ms: number }[], share: number): number {
  const sorted = waits.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(200);
}

// What was put in before the node was there is no measure.
await until(() => receiver.takeWaits().length > 0);
await pause(5_000);
await phase("nothing else", () => pause(10_000));
const dueAt = Date.now() + COPIES / PUT_PER_SECOND * 1000 + STANDING_MS;
await phase("they are deferred, fresh ones come", async () => {
  const fresh = front.queue.enqueue(Array.from({ length: FRESH }, () => copy(FLOODED)));
  const began = Date.now();
  for (let put = 0; put < COPIES; put += CHUNK) {
    await pause(Math.max(0, began + put / PUT_PER_SECOND * 1000 - Date.now()));
    await Promise.all(Array.from({ length: CHUNK }, (_, i) => {
      const job = copy(FLOODED);
      const data = { ...job.data, attempt: 2 };
      return front.queue.schedule(
        { ...job, id: `${job.data.message}.0.2`, data },
        dueAt + (put + i) * APART_MS,
      );
    }));
  }
  await fresh;
  await until(() => receiver.refused() >= FRESH);
});
const { scheduled } = await front.queue.depth();
await phase("all are deferred", () => pause(Math.max(10_000, dueAt - Date.now())));
await phase("they come due and are refused again", () => pause(DUE_MS));
clearInterval(others);
clearInterval(watching);
node.kill("SIGKILL");
await node.status;

table(
  [
    ...["", "s", "refused", "others", "p50 ms", "p99", "max", "same lane p99"],
    ...["nats-server MB", "node MB", "kept"],
  ],
  rows,
);
console.log(`limits: p99 ${LIMITS.queueMs} ms, nats-server ${LIMITS.natsMb} MB at any time`);
console.log(`${scheduled} of ${COPIES + FRESH} were deferred`);
console.log(`load average: ${Deno.loadavg().map((n) => n.toFixed(1)).join(" ")}`);
await Promise.all([front.close(), side.close()]);
if (failed) Deno.exitCode = 1;
