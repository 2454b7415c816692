/** Why an analyst's query was not answered. */

export type SqlFault =
  /** It asks for what is not its own to see or do. */
  | "refused"
  /** It takes more than one query may. */
  | "limit"
  /** It is no query, or none that can be answered. */
  | "invalid";

export class SqlError extends Error {
  override name = "SqlError";
  constructor(readonly fault: SqlFault, message: string) {
    super(message);
  }
}

/** Codes of ClickHouse (src/Common/ErrorCodes.cpp). */
const SYNTAX_ERROR = 62;
const REFUSED = new Set([164, 291, 344, 392, 446, 482, 497]);
const LIMITS: Readonly<Record<number, string>> = {
  158: "it reads more rows than one query may",
  159: "it takes longer than one query may",
  160: "it would take longer than one query may",
  167: "it is too deeply nested",
  168: "it is too large",
  241: "it takes more memory than one query may",
  243: "it takes more disk than one query may",
  307: "it reads more bytes than one query may",
  394: "it was stopped",
  396: "its result is larger than one query's may be: add a LIMIT, group, or use an export",
};
const LONGEST = 600;
/** Before names that a query gives without a database (users.ts). */
const HOMES = /`[0-9a-f]{32}[^`]*`\.|\b[0-9a-f]{32}\w*\./g;

const textOf = (error: unknown) => error instanceof Error ? error.message : String(error);

/** Over HTTP the code stands beside the message. NaN: not one of ClickHouse's. */
function codeOf(error: unknown): number {
  const beside = (error as { code?: string }).code;
  return Number(/Code: (\d+)\./.exec(textOf(error))?.[1] ?? beside ?? NaN);
}

/**
 * For a statement that can be read by itself, but not in the brackets where a query stands: it is no
 * SELECT. Any other error is given back as it is.
 */
export function noSelect(error: unknown): unknown {
  if (codeOf(error) !== SYNTAX_ERROR) return error;
  return new SqlError(
    "invalid",
    "a query is one SELECT (also WITH, UNION), without FORMAT and INTO OUTFILE; " +
      "SELECT * FROM hits LIMIT 0 tells the columns of a view",
  );
}

/** What the engine's error comes to; null for one that is not the query's. */
export function sqlErrorOf(error: unknown): SqlError | null {
  const text = textOf(error);
  const code = codeOf(error);
  if (Number.isNaN(code)) return null;
  const limit = LIMITS[code];
  if (limit !== undefined) return new SqlError("limit", limit);
  const said = text.replace(/^.*?DB::Exception: /s, "").replace(/\s+\(version .*$/s, "")
    .replace(/: In scope SELECT formatQuerySingleLine\(.*$/s, "")
    .replaceAll(HOMES, "").slice(0, LONGEST);
  return new SqlError(REFUSED.has(code) ? "refused" : "invalid", said);
}
