/**
 * What a filter builder builds: conditions on any column, joined by `and`, `or` and `not`. Read here
 * from what a client sent, checked and bounded. Pure.
 */
import { type ColumnName, type Field, FIELD_NAMES, fieldOf, isColumnName } from "./fields.ts";
import { BadQueryError } from "./port.ts";

export type Filter = Condition | { and: Filter[] } | { or: Filter[] } | { not: Filter };

export interface Condition {
  field: ColumnName;
  operator: Operator;
  /** Times in ms UTC. `between`: first and last, both included; `in`, `notIn`: a list. */
  value?: Value | Value[];
}
export type Value = string | number | boolean;

const EQUAL = ["eq", "ne", "in", "notIn"] as const;
const ORDER = ["gt", "gte", "lt", "lte", "between"] as const;
const PARTS = ["contains", "notContains", "startsWith", "endsWith"] as const;
const EMPTY = ["isEmpty", "isNotEmpty"] as const;
export const OPERATORS = [...EQUAL, ...ORDER, ...PARTS, ...EMPTY] as const;
export type Operator = typeof OPERATORS[number];

/** What can be asked of a column of each kind. */
export const OPERATORS_OF: Readonly<Record<Field["kind"], readonly Operator[]>> = {
  text: OPERATORS,
  number: [...EQUAL, ...ORDER, ...EMPTY],
  time: [...EQUAL, ...ORDER, ...EMPTY],
  choice: EQUAL,
  flag: ["eq", "ne"],
};

/** More than anybody would click together. Texts are counted in UTF-16 units, over the whole filter. */
export const FILTER_LIMITS = { depth: 10, conditions: 100, list: 1000, text: 20_000 } as const;

/** A filter that cannot be used; `path` leads to the place in it. */
export class BadFilterError extends BadQueryError {
  override name = "BadFilterError";
  constructor(readonly path: readonly (string | number)[], readonly reason: string) {
    super(`filter${path.map((step) => `/${step}`).join("")}: ${reason}`);
  }
}

type Path = readonly (string | number)[];

/**
 * @param momentOf ms UTC of a time as clients write it; NaN when it is none
 * @throws {BadFilterError}
 */
export function readFilter(given: unknown, momentOf: (text: string) => number): Filter {
  const left = { conditions: FILTER_LIMITS.conditions, text: FILTER_LIMITS.text };

  function read(part: unknown, path: Path, depth: number): Filter {
    if (depth > FILTER_LIMITS.depth) {
      throw new BadFilterError(path, `nested more than ${FILTER_LIMITS.depth} deep`);
    }
    if (typeof part !== "object" || part === null || Array.isArray(part)) {
      throw new BadFilterError(path, "expected an object: a condition, and, or, not");
    }
    const [key, ...others] = Object.keys(part);
    const isGroup = key === "and" || key === "or" || key === "not";
    if (!isGroup) return condition(part as Record<string, unknown>, path);
    if (others.length > 0) throw new BadFilterError([...path, others[0]!], `not beside ${key}`);
    const inner = (part as Record<string, unknown>)[key];
    const inside = [...path, key];
    if (key === "not") return { not: read(inner, inside, depth + 1) };
    if (!Array.isArray(inner) || inner.length === 0) {
      throw new BadFilterError(inside, "expected a list of at least one condition");
    }
    if (inner.length > FILTER_LIMITS.conditions) throw tooMany(inside);
    const all = inner.map((each, i) => read(each, [...inside, i], depth + 1));
    return key === "and" ? { and: all } : { or: all };
  }

  function condition(part: Record<string, unknown>, path: Path): Condition {
    if (left.conditions-- === 0) throw tooMany(path);
    const { field: name, operator, value, ...unknown } = part;
    const [extra] = Object.keys(unknown);
    if (extra !== undefined) throw new BadFilterError([...path, extra.slice(0, 60)], "unknown");
    if (typeof name !== "string" || !isColumnName(name)) {
      const known = `${FIELD_NAMES.join(", ")}, and fields.<name>`;
      throw new BadFilterError([...path, "field"], `no such column; there are ${known}`);
    }
    const field = fieldOf(name);
    const operators: readonly unknown[] = OPERATORS_OF[field.kind];
    if (!operators.includes(operator)) {
      throw new BadFilterError(
        [...path, "operator"],
        `for ${name} expected one of ${operators.join(", ")}`,
      );
    }
    const asked = { field: name, operator: operator as Operator };
    if (operator === "isEmpty" || operator === "isNotEmpty") {
      if (value === undefined) return asked;
      throw new BadFilterError([...path, "value"], `${operator} takes none`);
    }
    return { ...asked, value: values(field, asked.operator, value, [...path, "value"]) };
  }

  function values(field: Field, operator: Operator, given: unknown, path: Path): Value | Value[] {
    if (operator !== "in" && operator !== "notIn" && operator !== "between") {
      return one(field, given, path);
    }
    if (!Array.isArray(given)) throw new BadFilterError(path, `${operator} takes a list`);
    if (operator === "between" && given.length !== 2) {
      throw new BadFilterError(path, "between takes two values: the first and the last");
    }
    if (given.length > FILTER_LIMITS.list) {
      throw new BadFilterError(path, `more than ${FILTER_LIMITS.list} values`);
    }
    return given.map((each, i) => one(field, each, [...path, i]));
  }

  function one(field: Field, given: unknown, path: Path): Value {
    switch (field.kind) {
      case "flag":
        if (typeof given === "boolean") return given;
        throw new BadFilterError(path, "expected true or false");
      case "number":
        if (typeof given === "number" && Number.isSafeInteger(given)) return given;
        throw new BadFilterError(path, "expected a whole number");
      case "time": {
        const at = typeof given === "string" ? momentOf(given) : given;
        if (typeof at === "number" && Number.isSafeInteger(at)) return at;
        throw new BadFilterError(path, "expected an ISO 8601 date or time, or ms since 1970");
      }
      case "choice":
        if (typeof given === "string" && Object.hasOwn(field.codes, given)) return given;
        throw new BadFilterError(path, `expected one of ${Object.keys(field.codes).join(", ")}`);
      case "text":
        if (typeof given !== "string") throw new BadFilterError(path, "expected a text");
        left.text -= given.length;
        if (left.text >= 0) return given;
        throw new BadFilterError(path, `more than ${FILTER_LIMITS.text} characters in all`);
    }
  }

  return read(given, [], 1);
}

function tooMany(path: Path): BadFilterError {
  return new BadFilterError(path, `more than ${FILTER_LIMITS.conditions} conditions`);
}
