/**
 * Counts of what was sent in a range, by key and by time: of days that stand still as they were counted
 * once, of other days, and of the pieces of hours at the ends of the range, copy by copy.
 */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Compilable, type Kysely, type SelectQueryBuilder, sql } from "kysely";
import { ask } from "./ask.ts";
import type { Range } from "./delivery.ts";
import { type CountedDays, onCountedDays } from "./counted_days.ts";
import { ALL } from "./dimensions.ts";
import { type Slot, SLOTS, startOf } from "./keys.ts";
import { type Stretch, stretches } from "./stretches.ts";
import type { Tables } from "./tables.ts";

/** To be summed up: several rows may be of one `key` and `at`. */
export interface Cell {
  key: string[];
  /** Start of the slot, ms UTC. */
  at: number;
  counts: number[];
}
export type CellQuery = SelectQueryBuilder<Tables, never, Cell>;

/** What is to be counted copy by copy: copies of `open` days, and those sent in the pieces. */
export interface Rest {
  open: readonly string[];
  pieces: readonly Stretch[];
}

/** One way to count, the same from both sources. */
export interface Counting {
  /** Where it is counted by day; null: nowhere. */
  dimension: string | null;
  /** Only what is of this key, which has one part; `live` need not tell it. */
  key?: string;
  slot: Slot;
  /** @param rest null: the whole range */
  live(rest: Rest | null): CellQuery;
}

/** Sums of the cells `c`, element by element. */
export const SUMS = sql<number[]>`sumForEach(c.counts)`;

/** The rows of a question over the cells, as table `c`. */
export async function askCells<Row>(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  range: Range,
  counting: Counting,
  question: (found: CellTable) => Compilable<Row>,
): Promise<Row[]> {
  const over = (days: CountedDays) =>
    ask(client, question(cells(db, account, range, counting, days)));
  if (counting.dimension === null) return await over({ counted: [], open: [] });
  return await onCountedDays(client, db, account, range, over);
}

export type CellTable = ReturnType<typeof cells>;

/** As table `c`. @param days of the range, as they stand */
export function cells(
  db: Kysely<Tables>,
  account: string,
  range: Range,
  counting: Counting,
  days: CountedDays,
) {
  const { dimension } = counting;
  return db.selectFrom(union().as("c"));

  function union(): CellQuery {
    if (dimension === null || days.counted.length === 0) {
      return counting.live(null);
    }
    const { slot } = counting;
    const cut = stretches(range, SLOTS[slot] === 0 || SLOTS[slot] === SLOTS.day);
    const short = dimension === ALL ? SLOTS.quarter : SLOTS.hour;
    const stored = [
      ...cut.days.map((stretch) => inSlots(SLOTS.day, stretch)),
      ...cut.hours.map((stretch) => inSlots(short, stretch)),
    ];
    const rest = { open: days.open, pieces: cut.pieces };
    const isRest = rest.open.length > 0 || rest.pieces.length > 0;
    if (stored.length === 0) return counting.live(isRest ? rest : null);
    const settled = ofDays(db, account, { ...counting, dimension }, days)
      .where(sql.raw<boolean>(`(${stored.join(" OR ")})`));
    return isRest ? settled.unionAll(counting.live(rest)) : settled;
  }
}

function ofDays(
  db: Kysely<Tables>,
  account: string,
  { dimension, key, slot }: Counting & { dimension: string },
  { counted }: CountedDays,
): CellQuery {
  // As one piece of text: Kysely takes longer for a hundred literals than the engine for the question.
  const days = counted.map(({ day }) => `'${day}'`).join(",");
  const versions = counted.map(({ version }) => version).join(",");
  const standing = `version = transform(toString(day), [${days}], [${versions}], 0)`;
  const at = startOf(slot, "(toInt64(toUnixTimestamp(slot)) * 1000)");
  let found = db.selectFrom("day_cells")
    .where("account", "=", account).where("dimension", "=", dimension)
    .where(sql.raw<boolean>(standing))
    .select(["day_cells.key", sql.raw<number>(at).as("at"), "counts"]);
  if (key !== undefined) found = found.where(sql<boolean>`day_cells.key = [${key}]`);
  return found.$castTo<Cell>() as CellQuery;
}

/** SQL: rows of slots of this length (ms) within the stretch. */
function inSlots(length: number, { from, to }: Stretch): string {
  const parts = [`length = ${length / 1000}`];
  if (from !== -Infinity) parts.push(`slot >= ${dateTime(from)}`);
  if (to !== Infinity) parts.push(`slot < ${dateTime(to)}`);
  return `(${parts.join(" AND ")})`;
}

/** Within what a DateTime can say. */
function dateTime(time: number): string {
  return `toDateTime(${Math.min(Math.max(time / 1000, 0), 2 ** 32 - 1)}, 'UTC')`;
}
