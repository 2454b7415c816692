/** A filter as a condition of SQL over a folded delivery `d`. Values are bound, never part of the SQL. */
import { type RawBuilder, sql } from "kysely";
import { type Field, fieldOf } from "./fields.ts";
import type { Condition, Filter, Value } from "./filter.ts";

type Bool = RawBuilder<boolean>;

/** @param one what a condition comes to that must be true for the whole filter to be */
export function conditionOf(filter: Filter, one = single): Bool {
  // The engine tests what comes later only where what comes first is true.
  if ("and" in filter) {
    const parts = filter.and.toSorted(soonerFirst).map((part) => conditionOf(part, one));
    return sql`(${sql.join(parts, sql` AND `)})`;
  }
  if ("or" in filter) {
    return sql`(${sql.join(filter.or.map((part) => conditionOf(part)), sql` OR `)})`;
  }
  if ("not" in filter) return sql`(NOT ${conditionOf(filter.not)})`;
  return one(filter);
}

/** Texts are searched last. */
function soonerFirst(a: Filter, b: Filter): number {
  const isLong = (part: Filter) => !("field" in part) || fieldOf(part.field).kind === "text";
  return Number(isLong(a)) - Number(isLong(b));
}

/** Of what is not there only `ne`, `notIn` and `isEmpty` are true; a text that is not there is empty. */
function single({ field: name, operator, value }: Condition): Bool {
  const field = fieldOf(name);
  const x = sql.raw(field.sql);
  switch (operator) {
    case "eq": {
      const equal = present(field, sql`${x} = ${bound(field, value)}`);
      const sooner = field.kind === "text" && field.sooner?.(value as string);
      return sooner ? sql`(${sooner} AND ${equal})` : equal;
    }
    case "ne":
      return sql`(NOT ${present(field, sql`${x} = ${bound(field, value)}`)})`;
    case "in":
      return present(field, among(field, value));
    case "notIn":
      return sql`(NOT ${present(field, among(field, value))})`;
    case "gt":
      return present(field, sql`${x} > ${bound(field, value)}`);
    case "gte":
      return present(field, sql`${x} >= ${bound(field, value)}`);
    case "lt":
      return present(field, sql`${x} < ${bound(field, value)}`);
    case "lte":
      return present(field, sql`${x} <= ${bound(field, value)}`);
    case "between": {
      const [first, last] = value as Value[];
      const range = sql<boolean>`${x} >= ${bound(field, first)} AND ${x} <= ${bound(field, last)}`;
      return present(field, range);
    }
    case "contains":
      return sql`(positionCaseInsensitiveUTF8(${x}, ${value}) > 0)`;
    case "notContains":
      return sql`(positionCaseInsensitiveUTF8(${x}, ${value}) = 0)`;
    case "startsWith":
      return sql`startsWithCaseInsensitiveUTF8(${x}, ${value})`;
    case "endsWith":
      return sql`endsWithCaseInsensitiveUTF8(${x}, ${value})`;
    case "isEmpty":
      return empty(field);
    case "isNotEmpty":
      return sql`(NOT ${empty(field)})`;
  }
}

function among(field: Field, values: Condition["value"]): Bool {
  const all = (values as Value[]).map((value) => code(field, value));
  if (all.length === 0) return sql`false`;
  return sql`${sql.raw(field.sql)} IN (SELECT arrayJoin(${all}))`;
}

/** That it holds, and not of a number or time that is not there. */
function present(field: Field, holds: Bool): Bool {
  const absent = absentIn(field);
  return absent === undefined
    ? sql`(${holds})`
    : sql`(${holds} AND ${sql.raw(field.sql)} != ${sql.lit(absent)})`;
}

function empty(field: Field): Bool {
  const nothing = field.kind === "text" ? "" : absentIn(field);
  return nothing === undefined ? sql`false` : sql`(${sql.raw(field.sql)} = ${sql.lit(nothing)})`;
}

function absentIn(field: Field): number | undefined {
  return "absent" in field ? field.absent : undefined;
}

function bound(field: Field, value: unknown): RawBuilder<unknown> {
  return sql`${code(field, value as Value)}`;
}

/** The value as the column has it. */
function code(field: Field, value: Value): string | number {
  if (field.kind === "choice") return field.codes[value as string]!;
  return typeof value === "boolean" ? Number(value) : value;
}
