/**
 * How each figure is counted over deliveries `d`. Where a message stands now (`pending` to
 * `blacklisted`), and what has happened to it whatever came after (`delivered` to `unsubscribed`). Those
 * on the blacklist were not sent.
 */
import { sql } from "kysely";
import { type Status, STATUSES } from "@chappe/src/rules";
import { STATUS_UNIT } from "./delivery.ts";
import { COUNTS, type Counts } from "./figures.ts";

/** Worked out once for all that compare it, and compared as a byte. */
const STATUS = `toUInt8(intDiv(d.status_key, ${STATUS_UNIT}))`;

export function standing(status: Status): string {
  return `countIf(${STATUS} = ${STATUSES.indexOf(status) + 1})`;
}

const COUNTING: Readonly<Record<keyof Counts, string>> = {
  sent: `countIf(${STATUS} != ${STATUSES.indexOf("blacklisted") + 1})`,
  pending: standing("pending"),
  deferred: standing("deferred"),
  softBounced: standing("soft_bounced"),
  cancelled: standing("cancelled"),
  blacklisted: standing("blacklisted"),
  delivered: "sum(d.delivered)",
  opened: "sum(d.opened)",
  clicked: "sum(d.clicked)",
  complained: "sum(d.complained)",
  unsubscribed: "sum(d.unsubscribed)",
  machineOpened: "sum(d.machine_opened)",
  machineClicked: "sum(d.machine_clicked)",
  allOpened: "countIf(d.opened OR d.machine_opened OR d.machine_clicked)",
  allClicked: "countIf(d.clicked OR d.machine_clicked)",
  opens: "sum(d.opens)",
  clicks: "sum(d.clicks)",
  machineOpens: "sum(d.machine_opens)",
  machineClicks: "sum(d.machine_clicks)",
};

/** All of them, in the order of COUNTS: UInt64. */
export const COUNT_ARRAY = sql.raw<number[]>(
  `[${COUNTS.map((name) => COUNTING[name]).join(", ")}]`,
);

/** By name, from what {@link COUNT_ARRAY} counted; of nothing, `[]`, all are 0. */
export function namedCounts(counts: readonly number[]): Counts {
  return Object.fromEntries(COUNTS.map((name, i) => [name, counts[i] ?? 0])) as Counts;
}

/** One of them. @param counts SQL of such an array */
export function countIn(counts: string, name: keyof Counts): string {
  return `${counts}[${COUNTS.indexOf(name) + 1}]`;
}
