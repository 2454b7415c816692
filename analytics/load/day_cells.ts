/** What is counted of days (schema/0007_day_cells.sql), each as a query whose rows are inserted. */
import { type Kysely, sql } from "kysely";
import { SUMS } from "../queries/cells.ts";
import { keyOf } from "../queries/copy_cells.ts";
import { COUNT_ARRAY } from "../queries/counting.ts";
import { deliveries } from "../queries/delivery.ts";
import { ALL, OF_COPIES } from "../queries/dimensions.ts";
import type { PerCopy } from "../queries/hit_cells.ts";
import { hits } from "../queries/hits.ts";
import { SLOTS } from "../queries/keys.ts";
import type { Tables } from "../queries/tables.ts";

/** What each query gives, in this order. */
export const CELL_COLUMNS = [
  "dimension",
  "length",
  "slot",
  "day",
  "key",
  "counts",
  "account",
  "version",
] as const;

/** Days of one account, and the commit up to which they are counted. */
export interface Of {
  account: string;
  days: readonly string[];
  seq: number;
}

/** Start of a slot, as ClickHouse takes a DateTime. @param time SQL, ms @param length SQL, s */
const slotOf = (time: string, length: string | number) =>
  `toDateTime(intDiv(${time}, ${length} * 1000) * ${length}, 'UTC')`;

/** By each of OF_COPIES. */
export function copiesOf(db: Kysely<Tables>, of: Of) {
  const plain = [...OF_COPIES].filter(([, { when }]) => when === undefined);
  const some = [...OF_COPIES].filter(([, { when }]) => when !== undefined);
  const cell = ([name, { key }]: typeof plain[number]) => `('${name}', ${keyOf(key)})`;
  const cells = [
    `[${plain.map(cell).join(", ")}]`,
    ...some.map((each) => `if(${each[1].when}, [${cell(each)}], [])`),
  ];
  const length = `toUInt32(if(cell.1 = '${ALL}', ${SLOTS.quarter}, ${SLOTS.hour}) / 1000)`;
  const counted = db.selectFrom(deliveries(db, of.account, {}).as("d"))
    .where("d.day", "in", of.days).where("d.sent_at", ">", 0)
    .select([
      sql.raw<[string, string[]]>(`arrayJoin(arrayConcat(${cells.join(", ")}))`).as("cell"),
      sql.raw<number>(length).as("length"),
      sql.raw<string>(slotOf("d.sent_at", "length")).as("slot"),
      "d.day as day",
      COUNT_ARRAY.as("counts"),
    ])
    .groupBy([sql`cell`, sql`length`, sql`slot`, sql`day`]);
  return db.selectFrom(counted.as("n"))
    .select([sql<string>`n.cell.1`.as("dimension"), "n.length", "n.slot", "n.day"])
    .select([sql<string[]>`n.cell.2`.as("key"), "n.counts", ...ofCount(of)]);
}

/** By one of OF_HITS. */
export function hitsOf(db: Kysely<Tables>, of: Of, dimension: string, perCopy: PerCopy) {
  const found = db.selectFrom(hits(db, of.account, {}).as("h")).where("h.day", "in", of.days);
  const sent = db.selectFrom(deliveries(db, of.account, {}).as("d")).where("d.day", "in", of.days)
    .select(["d.day", "d.message", sql<number>`max(d.sent_at)`.as("sent_at")])
    .groupBy(["d.day", "d.message"]);
  const hour = SLOTS.hour / 1000;
  return db.selectFrom(perCopy(db, found).as("p"))
    .leftJoin(
      sent.as("s"),
      (on) => on.onRef("s.day", "=", "p.day").onRef("s.message", "=", "p.message"),
    )
    .select([
      sql<string>`${dimension}`.as("dimension"),
      sql<number>`toUInt32(${sql.lit(hour)})`.as("length"),
      sql.raw<string>(slotOf("s.sent_at", hour)).as("slot"),
      "p.day",
      "p.key",
      sql<number[]>`sumForEach(p.counts)`.as("counts"),
      ...ofCount(of),
    ])
    .groupBy(["p.key", "slot", "p.day"]);
}

/** What was counted by shorter slots, added up. */
export function wholeDays(db: Kysely<Tables>, { account, days, seq }: Of) {
  const length = SLOTS.day / 1000;
  return db.selectFrom("day_cells as c")
    .where("c.account", "=", account).where("c.day", "in", days)
    .where("c.length", "<", length).where("c.version", "=", seq)
    .select([
      "c.dimension",
      sql<number>`toUInt32(${sql.lit(length)})`.as("whole"),
      sql<string>`toStartOfDay(c.slot)`.as("start"),
      "c.day",
      "c.key",
      SUMS.as("counts"),
      ...ofCount({ account, days, seq }),
    ])
    .groupBy(["c.dimension", "start", "c.day", "c.key"]);
}

const ofCount = ({ account, seq }: Of) => [
  sql<string>`${account}`.as("account"),
  sql<number>`toUInt64(${seq})`.as("version"),
];
