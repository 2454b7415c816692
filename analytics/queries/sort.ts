/** By what a list of messages can be sorted. */
import { type RawBuilder, sql } from "kysely";
import { STATUS_UNIT } from "./delivery.ts";
import { BadQueryError, type MessageRow } from "./port.ts";

type Sortable = Exclude<keyof MessageRow, "headers">;

/** Expression over a folded delivery `d`. Statuses sort from the weakest to the strongest. */
const EXPRESSIONS: Readonly<Record<Sortable, string>> = {
  id: "toString(d.message)",
  rcpt: "d.rcpt",
  sender: "d.sender",
  recipient: "d.recipient",
  recipientType: "d.kind",
  subject: "d.subject",
  sentAt: "d.sent_at",
  status: "d.status_key",
  statusAt: `d.status_key % ${STATUS_UNIT}`,
  reply: "toInt64(JSONExtractUInt(d.reply, 'code'))",
  opened: "d.opened",
  clicked: "d.clicked",
  address: "d.address",
  pool: "d.pool",
};

const TEXTS: ReadonlySet<string> = new Set<Sortable>(
  ["id", "sender", "recipient", "recipientType", "subject", "address", "pool"],
);

export interface Sort {
  /** As asked for, e.g. `-sentAt`. */
  name: string;
  descending: boolean;
  value: RawBuilder<string | number>;
  /** `typeof` its values. */
  type: "string" | "number";
}

/** @param sort a column of `MessageRow`, `-` before it for descending @throws {BadQueryError} */
export function readSort(sort: string): Sort {
  const descending = sort.startsWith("-");
  const column = descending ? sort.slice(1) : sort;
  if (!Object.hasOwn(EXPRESSIONS, column)) {
    throw new BadQueryError(
      `sort: no column "${column.slice(0, 60)}"; there are ${
        Object.keys(EXPRESSIONS).join(", ")
      }, ` +
        "each with - before it for descending",
    );
  }
  return {
    name: sort,
    descending,
    value: sql.raw(EXPRESSIONS[column as Sortable]),
    type: TEXTS.has(column) ? "string" : "number",
  };
}
