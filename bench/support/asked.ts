/** Mail that dashboards are asked about, and how long they take to answer. */
import type { ClickHouseClient } from "@clickhouse/client";
import { countDays, staleDays } from "../../analytics/load/count_days.ts";
import { readHead } from "../../analytics/load/head.ts";
import { createQueries, migrate } from "../../analytics/mod.ts";
import { randomness } from "../../analytics/testing/traffic.ts";
import { cpuMs } from "./cpu.ts";
import { QUESTIONS, type Subject } from "./questions.ts";
import { ACCOUNTS, END, sendMail } from "./sent_mail.ts";

const DAY = 86_400_000;
/** The largest first. */
export const NAMES = Array.from(
  { length: ACCOUNTS },
  (_, i) => `account-${String(i).padStart(2, "0")}`,
);

/** Makes the data, unless it is there, and settles it. */
export async function made(
  client: ClickHouseClient,
  database: string,
  events: number,
): Promise<void> {
  await migrate(client, { database });
  if ((await readHead(client, database)).seq === 0) {
    const start = performance.now();
    const count = await sendMail(client, database, events, () => {});
    const seconds = (performance.now() - start) / 1000;
    console.log(`${count.toLocaleString("en")} facts made and folded in ${seconds.toFixed(0)} s`);
  }
  await settle(client, database);
}

/** Counts its days, and waits until no part is left to be merged. */
export async function settle(client: ClickHouseClient, database: string): Promise<void> {
  // What the loader does by itself for days on which nothing happens any more,
  const place = { client, database, cluster: null };
  const { seq } = await readHead(client, database);
  for (let stale; (stale = await staleDays(place, seq)).length > 0;) {
    for (const days of stale) await countDays(place, days, seq);
  }
  // and the engine within some minutes, as its settings say.
  for (const name of ["deliveries", "hits", "days", "day_cells"]) {
    await client.command({ query: `OPTIMIZE TABLE ${database}.${name} FINAL` });
  }
}

/** Accounts by their share of the mail, times as people choose them. */
function subject(random: () => number, messages: ReadonlyMap<string, string>): Subject {
  const sum = NAMES.reduce((sum, _, i) => sum + 1 / (i + 1), 0);
  let left = random() * sum;
  const account = NAMES.find((_, i) => (left -= 1 / (i + 1)) < 0) ?? NAMES[0]!;
  const chosen = random();
  const days = chosen < 0.3 ? 1 : chosen < 0.7 ? 7 : chosen < 0.9 ? 30 : 90;
  const to = days === 90 ? END : END - Math.floor(random() * (90 - days)) * DAY;
  const campaign = `week-${Math.floor(random() * 12)}-${Math.floor(random() * 3)}`;
  return { account, from: to - days * DAY, to, campaign, message: messages.get(account)! };
}

export interface Times {
  /** ms. */
  wall: number[];
  cpu: number[];
}

/** Each question so many times, in turn. */
export async function measure(
  client: ClickHouseClient,
  database: string,
  rounds: number,
): Promise<Map<string, Times>> {
  const queries = createQueries(client, { database });
  const random = randomness(42);
  const messages = new Map<string, string>();
  for (const account of NAMES) {
    const { items } = await queries.messages(account, {}, { limit: 1 });
    messages.set(account, items[0]!.id);
  }
  const times = new Map(QUESTIONS.map(({ name }) => [name, { wall: [], cpu: [] } as Times]));
  for (const { clickhouse } of QUESTIONS) await clickhouse(queries, subject(random, messages));
  for (let round = 0; round < rounds; round++) {
    for (const question of QUESTIONS) {
      const asked = subject(random, messages);
      const [start, cpu] = [performance.now(), await cpuMs(Deno.pid)];
      await question.clickhouse(queries, asked);
      const { wall, cpu: used } = times.get(question.name)!;
      wall.push(performance.now() - start);
      used.push(await cpuMs(Deno.pid) - cpu);
    }
  }
  return times;
}

/** The value below which this share of them lies. */
export function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
export const shown = (ms: number) => ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString("en");
