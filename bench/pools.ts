/**
 * What choosing source addresses costs: the same mail as in `bench relay` through two platforms in
 * turn, one as it comes, one with six pools of two addresses that are all warming, counted message by
 * message, and an overflow. What counts is the ratio.
 */
import { event, uuidv7 } from "../src/events/mod.ts";
import { connectStation } from "../src/log/mod.ts";
import { SILENT } from "../src/runtime/mod.ts";
import { type Platform, startPlatform } from "../test/support/platform.ts";
import { cpuMs } from "./support/cpu.ts";
import { newsletter } from "./support/mail.ts";
import { ratio, table } from "./support/report.ts";
import { startSink } from "./support/sink.ts";
import { through } from "./support/through.ts";
import { requireTools } from "./support/tools.ts";

const MESSAGES = Number(Deno.args[0] ?? 5000);
const ROUNDS = 5;
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
  for (let round = 0; round <= ROUNDS; round++) {
    const what = { file, sessions: SESSIONS, messages: MESSAGES };
    const measured = async (platform: Platform) => {
      const before = await cpuMs(platform.pid);
      const rates = await through(platform.submission, sink, what);
      // Events are on their way for a moment after the mail has arrived.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return { ...rates, cpu: (await cpuMs(platform.pid) - before) / MESSAGES };
    };
    const without = await measured(plain);
    const within = await measured(pooled);
    // The first round warms both up.
    if (round === 0) continue;
    ratios.push(within.delivered / without.delivered);
    costs.push(within.cpu / without.cpu);
    for (const [name, r] of [["without", without], ["six pools", within]] as const) {
      rows.push([round, name, r.accepted.toFixed(0), r.delivered.toFixed(0), r.cpu.toFixed(2)]);
    }
  }
  rows.push(["", "six pools / without", "", ratio(ratios), ratio(costs)]);
  table(["round", "platform", "accepted/s", "delivered/s", "CPU ms/message"], rows);
  console.log(`load average: ${Deno.loadavg().map((n) => n.toFixed(1)).join(" ")}`);
} finally {
  await plain.remove();
  await pooled.remove();
  await sink.close();
  await Deno.remove(file);
}
