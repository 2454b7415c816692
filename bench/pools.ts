/**
 * What choosing source addresses costs: the same mail as in `bench relay` through two platforms in
 * turn, one as it comes, one with six pools of two addresses that are all warming, counted message by
 * message, and an overflow. What counts is the median of the pairs' ratios, of rates and of CPU time:
 * the two of a pair run one right after the other, first the one and then the other, so that what else
 * the machine does strikes both alike.
 *
 * `deno task bench pools [messages] [pairs]`
 */
import { event, uuidv7 } from "../src/events/mod.ts";
import { connectStation } from "../src/log/mod.ts";
import { SILENT } from "../src/runtime/mod.ts";
import { type Platform, startPlatform } from "../test/support/platform.ts";
import { cpuMs } from "./support/cpu.ts";
import { newsletter } from "./support/mail.ts";
import { quartiles, table } from "./support/report.ts";
import { startSink } from "./support/sink.ts";
import { through } from "./support/through.ts";
import { requireTools } from "./support/tools.ts";

const MESSAGES = Number(Deno.args[0] ?? 2000);
const PAIRS = Number(Deno.args[1] ?? 15);
/** What the choice may cost: a twentieth. */
const LEAST = 0.95;
const SESSIONS = 20;
const POOLS = 6;

await requireTools({ "smtp-source": "postfix", "smtp-sink": "postfix" });
const file = await Deno.makeTempFile({ suffix: ".eml" });
await Deno.writeTextFile(file, newsletter(10_000).replaceAll("\r\n", "\n"));

/** Day 13 of the calendar: 350,000 a day from each address, so that most is sent under a cap. */
async function definePools(platform: Platform): Promise<void> {
  const station = await connectStation({
    url: await Deno.readTextFile(`${platform.data}/data/nats.url`),
    now: Date.now,
    logger: SILENT,
  });
  const at = Date.now();
  const envelope = (account = "platform") => ({ id: uuidv7(at), account, at });
  const pools = Array.from({ length: POOLS }, (_, i) => `pool${i}`);
  const date = new Date(at).toISOString().slice(0, 10);
  const address = (address: string, pool: string, warming: boolean) =>
    event("settings.address-added", envelope(), {
      address,
      ehlo: "out.example",
      pool,
      calendar: "default",
      standing: warming ? { kind: "warming", day: 13, date } : { kind: "warm" },
    });
  await station.events.append([
    ...pools.map((pool) =>
      event("settings.pool-created", envelope(), { pool, kind: "dedicated", owner: "bench" })
    ),
    ...pools.flatMap((pool, i) => [1, 2].map((n) => address(`127.0.1.${10 * i + n}`, pool, true))),
    address("127.0.1.100", "shared", false),
    event("settings.pools-assigned", envelope("bench"), { pools, overflow: "shared" }),
  ]);
  await station.close();
}

const rows: (string | number)[][] = [];
const sink = await startSink();
const start = async () => {
  const platform = await startPlatform({
    CHAPPE_DELIVERY: `relay:127.0.0.1:${sink.port}`,
    CHAPPE_SUBMISSION_TRUSTED: "bench=127.0.0.0/8",
    CHAPPE_SUBMISSION_TLS: "optional",
  });
  await platform.chappe("account", "create", "bench", "--sender=example.com");
  return platform;
};
const plain = await start();
const pooled = await start();
try {
  await definePools(pooled);
  const ratios: number[] = [];
  const costs: number[] = [];
  const measured = async (platform: Platform) => {
    const before = await cpuMs(platform.pid);
    const what = { file, sessions: SESSIONS, messages: MESSAGES };
    const rates = await through(platform.submission, sink, what);
    // Events are on their way for a moment after the mail has arrived.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return { ...rates, cpu: (await cpuMs(platform.pid) - before) / MESSAGES };
  };
  for (let pair = 0; pair <= PAIRS; pair++) {
    const first = await measured(pair % 2 === 0 ? plain : pooled);
    const second = await measured(pair % 2 === 0 ? pooled : plain);
    // The first pair warms both up.
    if (pair === 0) continue;
    const [without, within] = pair % 2 === 0 ? [first, second] : [second, first];
    ratios.push(within.delivered / without.delivered);
    costs.push(without.cpu / within.cpu);
    for (const [name, r] of [["without", without], ["six pools", within]] as const) {
      rows.push([pair, name, r.accepted.toFixed(0), r.delivered.toFixed(0), r.cpu.toFixed(2)]);
    }
  }
  table(["pair", "platform", "accepted/s", "delivered/s", "CPU ms/message"], rows);
  for (const [what, all] of [["delivered/s", ratios], ["messages by CPU time", costs]] as const) {
    const { low, median, high } = quartiles(all);
    console.log(
      `${what}: six pools / without ${median.toFixed(3)}, half of the pairs in ` +
        `${low.toFixed(3)}–${high.toFixed(3)}; at least ${LEAST} wanted: ` +
        (median >= LEAST ? "yes" : "NO"),
    );
  }
  console.log(`load average: ${Deno.loadavg().map((n) => n.toFixed(1)).join(" ")}`);
} finally {
  await plain.remove();
  await pooled.remove();
  await sink.close();
  await Deno.remove(file);
}
