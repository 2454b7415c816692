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
import { createQueries, DEFAULT_DATABASE, migrate } from "../analytics/mod.ts";
import { countDays, staleDays } from "../analytics/load/count_days.ts";
import { readHead } from "../analytics/load/head.ts";
import { randomness } from "../analytics/testing/traffic.ts";
import { openClickHouse } from "../src/embedded/mod.ts";
import { cpuMs } from "./support/cpu.ts";
import { startPostgres } from "./support/postgres.ts";
import { type Question, QUESTIONS, type Subject } from "./support/questions.ts";
import { table } from "./support/report.ts";
import { copyMail } from "./support/same_mail.ts";
import { ACCOUNTS, END, sendMail, START } from "./support/sent_mail.ts";

const EVENTS = Number(Deno.args[0] ?? 10_000_000);
const KEPT = Deno.args[1];
const ROUNDS = 20;
/** Of the same question about the largest account. */
const TIMES = 3;
const DAY = 86_400_000;
const ENOUGH_MS = 100;
const names = Array.from({ length: ACCOUNTS }, (_, i) => `account-${String(i).padStart(2, "0")}`);

const directory = KEPT ?? await Deno.makeTempDir({ prefix: "chappe-bench-query-" });
await Deno.mkdir(directory, { recursive: true });
const client = await openClickHouse({ path: directory });

/** Makes the data, unless it is there, counts its days and waits until no part is left to be merged. */
async function made(database: string, events: number): Promise<void> {
  if ((await migrate(client, { database })).length > 0) {
    const start = performance.now();
    const count = await sendMail(client, database, events, () => {});
    const seconds = (performance.now() - start) / 1000;
    console.log(`${count.toLocaleString("en")} facts made and folded in ${seconds.toFixed(0)} s`);
  }
  // What the loader does by itself for days on which nothing happens any more,
  const place = { client, database, cluster: null };
  const { seq } = await readHead(client, database);
  for (let stale; (stale = await staleDays(place, seq)).length > 0;) {
    for (const days of stale) await countDays(place, days, seq);
  }
  // and the engine within a minute or two, as its settings say.
  for (const name of ["deliveries", "hits", "days", "day_cells"]) {
    await client.command({ query: `OPTIMIZE TABLE ${database}.${name} FINAL` });
  }
}

const random = randomness(42);
function subject(messages: ReadonlyMap<string, string>): Subject {
  const sum = names.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
  let left = random() * sum;
  const account = names.find((_, i) => (left -= 1 / (i + 1)) < 0) ?? names[0]!;
  const chosen = random();
  const days = chosen < 0.3 ? 1 : chosen < 0.7 ? 7 : chosen < 0.9 ? 30 : 90;
  const to = days === 90 ? END : END - Math.floor(random() * (90 - days)) * DAY;
  const campaign = `week-${Math.floor(random() * 12)}-${Math.floor(random() * 3)}`;
  return { account, from: to - days * DAY, to, campaign, message: messages.get(account)! };
}

interface Times {
  wall: number[];
  cpu: number[];
}

async function measure(
  database: string,
  rounds: number,
): Promise<Map<string, Times>> {
  const queries = createQueries(client, { database });
  const messages = new Map<string, string>();
  for (const account of names) {
    const { items } = await queries.messages(account, {}, { limit: 1 });
    messages.set(account, items[0]!.id);
  }
  const times = new Map(QUESTIONS.map(({ name }) => [name, { wall: [], cpu: [] } as Times]));
  for (const { clickhouse } of QUESTIONS) await clickhouse(queries, subject(messages));
  for (let round = 0; round < rounds; round++) {
    for (const question of QUESTIONS) {
      const asked = subject(messages);
      const [start, cpu] = [performance.now(), await cpuMs(Deno.pid)];
      await question.clickhouse(queries, asked);
      const { wall, cpu: used } = times.get(question.name)!;
      wall.push(performance.now() - start);
      used.push(await cpuMs(Deno.pid) - cpu);
    }
  }
  return times;
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
const shown = (ms: number) => ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString("en");

await made("small", EVENTS / 10);
await made(DEFAULT_DATABASE, EVENTS);

const small = await measure("small", ROUNDS / 2);
const large = await measure(DEFAULT_DATABASE, ROUNDS);

await using postgres = await startPostgres();
const start = performance.now();
await copyMail(client, DEFAULT_DATABASE, postgres, names);
console.log(`the same in PostgreSQL in ${((performance.now() - start) / 1000).toFixed(0)} s`);
const session = postgres.session();
const queries = createQueries(client);
const [largest] = names as [string];
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
