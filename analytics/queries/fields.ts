/** The columns of the list of messages: by what it is filtered, sorted and grouped. */
import type { RawBuilder } from "kysely";
import { literal } from "@chappe/src/embedded";
import { isFieldName } from "@chappe/src/events";
import { STATUSES } from "@chappe/src/rules";
import { BOUNCE_SQL, hasReply } from "./bounce_keys.ts";
import { STATUS_UNIT } from "./delivery.ts";
import { ATTENTIONS } from "./port.ts";

/** `sql`: an expression over a folded delivery `d`. */
export type Field =
  /** Empty where there is none. `sooner`: what is true where it is this text, and costs less to find out. */
  | { kind: "text"; sql: string; sooner?: (text: string) => RawBuilder<boolean> }
  /** `absent`: what stands where there is none. */
  | { kind: "number" | "time"; sql: string; absent?: number }
  /** 0 or 1. */
  | { kind: "flag"; sql: string }
  /** One of few: what the expression gives for each; `sort` orders more finely. */
  | {
    kind: "choice";
    sql: string;
    codes: Readonly<Record<string, string | number>>;
    sort?: string;
  };

const text = (sql: string) => ({ kind: "text", sql }) as const;
const flag = (column: string) => ({ kind: "flag", sql: `d.${column}` }) as const;
const number = (sql: string, absent?: number) => ({ kind: "number", sql, absent }) as const;

const REPLY_CODE = number("toInt64(JSONExtractUInt(d.reply, 'code'))", 0);

const attentions = Object.fromEntries(
  ATTENTIONS.map((name) => [name, text(`JSONExtractString(d.headers, '${name}')`)]),
) as Record<typeof ATTENTIONS[number], Field>;

export const FIELDS = {
  id: text("toString(d.message)"),
  rcpt: number("toInt64(d.rcpt)"),
  sender: text("d.sender"),
  recipient: text("d.recipient"),
  name: text("d.name"),
  recipientType: {
    kind: "choice",
    sql: "toString(d.kind)",
    codes: { to: "to", cc: "cc", bcc: "bcc" },
  },
  subject: text("d.subject"),
  sentAt: { kind: "time", sql: "d.sent_at" },
  // From the weakest to the strongest.
  status: {
    kind: "choice",
    sql: `toInt64(intDiv(d.status_key, ${STATUS_UNIT}))`,
    codes: Object.fromEntries(STATUSES.map((status, i) => [status, i + 1])),
    sort: "d.status_key",
  },
  statusAt: { kind: "time", sql: `d.status_key % ${STATUS_UNIT}` },
  reply: REPLY_CODE,
  replyCode: REPLY_CODE,
  replyEnhanced: text("JSONExtractString(d.reply, 'enhanced')"),
  replyText: text("JSONExtractString(d.reply, 'text')"),
  // By what bounces are counted.
  bounceClass: text(BOUNCE_SQL.class),
  bounceReply: { kind: "text", sql: BOUNCE_SQL.reply, sooner: hasReply },
  attempts: number("toInt64(d.attempt)"),
  delivered: flag("delivered"),
  opened: flag("opened"),
  clicked: flag("clicked"),
  // Hits of people, and when the first came.
  opens: number("toInt64(d.opens)"),
  clicks: number("toInt64(d.clicks)"),
  openedAt: { kind: "time", sql: "toInt64(d.opened_at)", absent: 0 },
  clickedAt: { kind: "time", sql: "toInt64(d.clicked_at)", absent: 0 },
  machineOpened: flag("machine_opened"),
  machineClicked: flag("machine_clicked"),
  complained: flag("complained"),
  unsubscribed: flag("unsubscribed"),
  domain: text("d.domain"),
  provider: text("d.provider"),
  address: text("d.address"),
  pool: text("d.pool"),
  campaign: text("d.campaign"),
  billingCode: text("d.billing_code"),
  customerReference: text("d.customer_reference"),
  ...attentions,
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as [FieldName, ...FieldName[]];

/** Stands before the name of a field of the sender's own. */
const OWN = "fields.";
/** A column, or a recipient's field by the sender's name for it. */
export type ColumnName = FieldName | `${typeof OWN}${string}`;

export function isOwnField(column: string): column is `${typeof OWN}${string}` {
  return column.startsWith(OWN) && isFieldName(column.slice(OWN.length));
}

export function isColumnName(name: string): name is ColumnName {
  return Object.hasOwn(FIELDS, name) || isOwnField(name);
}

export function fieldOf(name: ColumnName): Field {
  return isOwnField(name)
    ? text(`d.fields[${literal(name.slice(OWN.length))}]`)
    : FIELDS[name as FieldName];
}

/** By what rows are put in order. */
export function sortExpression(field: Field): string {
  return field.kind === "choice" ? field.sort ?? field.sql : field.sql;
}
