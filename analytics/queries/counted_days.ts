/** Which days of an account are counted as they stand now (schema/0006_day_counts.sql). */
import type { ClickHouseClient } from "@clickhouse/client";
import type { Kysely } from "kysely";
import { ask } from "./ask.ts";
import { mayStandOn, type Range } from "./delivery.ts";
import type { Tables } from "./tables.ts";

/** Days of message ids, as ClickHouse writes them. */
export interface CountedDays {
  /** Counted up to commit `version`, and untouched since. */
  counted: { day: string; version: number }[];
  /** Those to be counted copy by copy. */
  open: string[];
}

/** What a day was last touched by and counted up to. */
type Notes = ReadonlyMap<string, { touched: number; counted: number }>;

export async function countedDays(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  range: Range,
): Promise<CountedDays> {
  return standing(await notesOf(client, db, account), range);
}

async function notesOf(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
): Promise<Notes> {
  // Folded and chosen here: the engine takes longer to plan for that than to read the few rows.
  const rows = await ask(
    client,
    db.selectFrom("days").where("account", "=", account).select(["day", "touched", "counted"]),
    { final: 0 },
  );
  const days = new Map<string, { touched: number; counted: number }>();
  for (const { day, touched, counted } of rows) {
    const known = days.get(day) ?? { touched: 0, counted: 0 };
    days.set(day, {
      touched: Math.max(known.touched, touched),
      counted: Math.max(known.counted, counted),
    });
  }
  return days;
}

function standing(days: Notes, range: Range): CountedDays {
  const found: CountedDays = { counted: [], open: [] };
  for (const [day, { touched, counted }] of days) {
    if (!mayStandOn(day, range)) continue;
    if (counted > 0 && counted >= touched) found.counted.push({ day, version: counted });
    else found.open.push(day);
  }
  return found;
}

/** Accounts of which is remembered how their days stood. */
const MOST_ACCOUNTS = 1000;
const remembered = new WeakMap<Kysely<Tables>, Map<string, Notes>>();

/**
 * The answer to a question about how days stand. It is asked at once of how they stood last, while it is
 * found out how they stand now; and again where that is something else. An answer that was read first
 * is as good: a count is replaced no sooner than a minute after its day was touched, so that what was
 * touched then does not stand now.
 */
export async function onCountedDays<T>(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  range: Range,
  question: (days: CountedDays) => Promise<T>,
): Promise<T> {
  const known = remembered.get(db) ?? new Map<string, Notes>();
  remembered.set(db, known);
  const before = known.get(account);
  const guess = before === undefined ? null : standing(before, range);
  const guessed = guess === null ? null : question(guess);
  guessed?.catch(() => {});
  const now = await notesOf(client, db, account);
  known.delete(account);
  known.set(account, now);
  if (known.size > MOST_ACCOUNTS) known.delete(known.keys().next().value!);
  const days = standing(now, range);
  if (guessed === null || !isSame(days, guess!)) return await question(days);
  return await guessed;
}

function isSame(a: CountedDays, b: CountedDays): boolean {
  const text = ({ counted, open }: CountedDays) =>
    counted.map(({ day, version }) => `${day} ${version}`).sort().join() + open.toSorted().join();
  return text(a) === text(b);
}
