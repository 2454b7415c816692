/** For tests: whether a delivery passes a filter, worked out in memory. */
import { STATUSES } from "@chappe/src/rules";
import { type ColumnName, fieldOf, isOwnField } from "../queries/fields.ts";
import type { Condition, Filter, Value } from "../queries/filter.ts";
import type { NaiveDelivery } from "./naive.ts";

export type Known = Value | null;

/** Null where there is nothing; texts are never null. */
export function valueOf(d: NaiveDelivery, name: ColumnName): Known {
  if (isOwnField(name)) return d.fields[name.slice("fields.".length)] ?? "";
  switch (name) {
    case "recipientType":
      return d.kind;
    case "reply":
    case "replyCode":
      return d.reply?.code ?? null;
    case "replyEnhanced":
      return d.reply?.enhanced ?? "";
    case "replyText":
      return d.reply?.text ?? "";
    case "bounceReply":
      return d.reply === null ? "" : sameForAll(`${d.reply.code} ${d.reply.text}`);
    case "attempts":
      return d.attempt;
    case "domain":
      return new URL(`http://${d.recipient.split("@")[1]!}`).hostname;
    case "opens":
    case "clicks":
      return d[name].size;
    case "customerReference":
      return d.reference;
    case "attention3":
      return d.attention3 ?? "";
    case "address":
    case "pool":
      return d[name] ?? "";
    case "attention1":
    case "attention2":
    case "attention4":
    case "attention5":
    case "attention6":
    case "attention7":
    case "attention8":
      return "";
    default:
      return d[name];
  }
}

/** Without addresses, and without long words with a digit in them. */
function sameForAll(reply: string): string {
  return reply.replace(/[^\s<>"]+@[^\s<>",;:]+/g, "…")
    .split(/(?<![0-9A-Za-z_=+/-])(?=[0-9A-Za-z_=+/-])|(?<=[0-9A-Za-z_=+/-])(?![0-9A-Za-z_=+/-])/)
    .map((word) => word.length > 9 && /[0-9]/.test(word.slice(0, -9)) ? "…" : word)
    .join("").trim();
}

export function holds(filter: Filter, d: NaiveDelivery): boolean {
  if ("and" in filter) return filter.and.every((part) => holds(part, d));
  if ("or" in filter) return filter.or.some((part) => holds(part, d));
  if ("not" in filter) return !holds(filter.not, d);
  return single(filter, valueOf(d, filter.field));
}

function single({ field, operator, value }: Condition, has: Known): boolean {
  const all = value as Value[];
  const same = (other: Known | undefined) => has !== null && has === other;
  const text = () => folded(String(has));
  const part = () => folded(String(value));
  switch (operator) {
    case "eq":
      return same(value as Value);
    case "ne":
      return !same(value as Value);
    case "in":
      return all.some(same);
    case "notIn":
      return !all.some(same);
    case "gt":
      return has !== null && compare(field, has, value as Value) > 0;
    case "gte":
      return has !== null && compare(field, has, value as Value) >= 0;
    case "lt":
      return has !== null && compare(field, has, value as Value) < 0;
    case "lte":
      return has !== null && compare(field, has, value as Value) <= 0;
    case "between":
      return has !== null && compare(field, has, all[0]!) >= 0 && compare(field, has, all[1]!) <= 0;
    case "contains":
      return text().includes(part());
    case "notContains":
      return !text().includes(part());
    case "startsWith":
      return text().startsWith(part());
    case "endsWith":
      return text().endsWith(part());
    case "isEmpty":
      return has === null || has === "";
    case "isNotEmpty":
      return has !== null && has !== "";
  }
}

/** Texts by their bytes, statuses from the weakest to the strongest. */
export function compare(field: ColumnName, a: Value, b: Value): number {
  if (field === "status") {
    const rank = (value: Value) => STATUSES.indexOf(value as typeof STATUSES[number]);
    return rank(a) - rank(b);
  }
  if (fieldOf(field).kind === "text" || field === "recipientType") {
    const [x, y] = [bytes(String(a)), bytes(String(b))];
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return Number(a) - Number(b);
}

function bytes(text: string): string {
  return new TextEncoder().encode(text).toHex();
}

function folded(text: string): string {
  return text.toWellFormed().toLowerCase();
}
