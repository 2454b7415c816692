/**
 * What dashboards ask, and how long it takes: ms at the median and at the 95th percentile, over
 * accounts by their share of the mail and over times as people choose them (1 day: 3 of 10, 7 days: 4,
 * 30 days: 2, 90 days: 1), and how the CPU time grows from a tenth of the events to all. Then, of the
 * largest account's 90 days, beside PostgreSQL 15 with the same data and sensible indexes, in the same
 * run, both warm. Of small accounts and short times PostgreSQL's indexes leave nothing to win.
 *
 * `deno task bench query [events] [directory]` (10,000,000 by default). What a run made in the
 * directory is used again.
 */
import { createQueries, DEFAULT_DATABASE } from "../analytics/mod.ts";
import { openClickHouse } from "../src/embedded/mod.ts";
import { at, made, measure, NAMES, shown } from "./support/asked.ts";
import { startPostgres } from "./support/postgres.ts";
import { type Question, QUESTIONS } from "./support/questions.ts";
import { table } from "./support/report.ts";
import { copyMail } from "./support/same_mail.ts";
import { END, START } from "./support/sent_mail.ts";

const EVENTS = Number(Deno.args[0] ?? 10_000_000);
const KEPT = Deno.args[1];
/** Of 20 the 95th percentile would be the slowest one, whatever made it so. */
const ROUNDS = 60;
/** Of the same question about the largest account. */
const TIMES = 3;
const ENOUGH_MS = 100;

const directory = KEPT ?? await Deno.makeTempDir({ prefix: "chappe-bench-query-" });
await Deno.mkdir(directory, { recursive: true });
const client = await openClickHouse({ path: directory });

await made(client, "small", EVENTS / 10);
await made(client, DEFAULT_DATABASE, EVENTS);

const small = await measure(client, "small", ROUNDS / 6);
const large = await measure(client, DEFAULT_DATABASE, ROUNDS);

await using postgres = await startPostgres();
const start = performance.now();
await copyMail(client, DEFAULT_DATABASE, postgres, NAMES);
console.log(`the same in PostgreSQL in ${((performance.now() - start) / 1000).toFixed(0)} s`);
const session = postgres.session();
const queries = createQueries(client);
const [largest] = NAMES as [string];
const { items: [newest] } = await queries.messages(largest, {}, { limit: 1 });
const whole = { account: largest, from: START, to: END, campaign: "week-8-1", message: newest!.id };

async function beside({ clickhouse, postgres }: Question): Promise<[number, number]> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  await session.time(postgres(whole));
  for (let i = 0; i < TIMES; i++) {
    const began = performance.now();
    await clickhouse(queries, whole);
    ours.push(performance.now() - began);
    theirs.push(await session.time(postgres(whole)));
  }
  return [at(ours, 0.5), at(theirs, 0.5)];
}
const pairs: [number, number][] = [];
for (const question of QUESTIONS) pairs.push(await beside(question));
await session.close();

table(
  ["question", "p50 ms", "p95 ms", "CPU p50", "growth", "largest", "PostgreSQL", "times as fast"],
  QUESTIONS.map(({ name }, i) => {
    const { wall, cpu } = large.get(name)!;
    const [ours, theirs] = pairs[i]!;
    return [
      name,
      shown(at(wall, 0.5)),
      `${shown(at(wall, 0.95))}${at(wall, 0.95) > ENOUGH_MS ? " >" : ""}`,
      shown(at(cpu, 0.5)),
      (at(cpu, 0.5) / Math.max(at(small.get(name)!.cpu, 0.5), 1)).toFixed(1),
      shown(ours),
      shown(theirs),
      (theirs / ours).toFixed(1),
    ];
  }),
);
console.log(`> more than ${ENOUGH_MS} ms. Growth: CPU, from ${EVENTS / 10} events to ${EVENTS}`);
const ratios = pairs.map(([ours, theirs]) => theirs / ours);
console.log(`in the median ${at(ratios, 0.5).toFixed(1)} times as fast as PostgreSQL`);

await client.close();
if (KEPT === undefined) await Deno.remove(directory, { recursive: true });
