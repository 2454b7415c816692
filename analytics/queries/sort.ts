/** By what a list can be sorted. */
import { type RawBuilder, sql } from "kysely";
import { STATUS_UNIT } from "./delivery.ts";
import { BadQueryError, type MessageRow } from "./port.ts";

type Sortable = Exclude<keyof MessageRow, "headers">;

/** What a list can be sorted by: the columns of its rows, each as an expression of SQL. */
export interface Columns {
  expressions: Readonly<Record<string, string>>;
  /** Those that are texts; the others are numbers. */
  texts: ReadonlySet<string>;
}

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

export const MESSAGE_COLUMNS: Columns = { expressions: EXPRESSIONS, texts: TEXTS };

export interface Sort {
  /** As asked for, e.g. `-sentAt`. */
  name: string;
  descending: boolean;
  value: RawBuilder<string | number>;
  /** `typeof` its values. */
  type: "string" | "number";
}

/** @param sort one of `columns`, `-` before it for descending @throws {BadQueryError} */
export function readSort(sort: string, { expressions, texts }: Columns): Sort {
  const descending = sort.startsWith("-");
  const column = descending ? sort.slice(1) : sort;
  if (!Object.hasOwn(expressions, column)) {
    throw new BadQueryError(
      `sort: no column "${column.slice(0, 60)}"; there are ${
        Object.keys(expressions).join(", ")
      }, ` +
        "each with - before it for descending",
    );
  }
  return {
    name: sort,
    descending,
    value: sql.raw(expressions[column]!),
    type: texts.has(column) ? "string" : "number",
  };
}
