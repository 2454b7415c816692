/** By what days are counted beforehand (load/count_days.ts, schema/0007_day_cells.sql). */
import { BOUNCE_PARTS, BOUNCE_SQL, IS_BOUNCED } from "./bounce_keys.ts";
import { FIELDS } from "./fields.ts";
import { DIMENSIONS } from "./keys.ts";

interface OfCopies {
  /** Parts of the key, SQL over a copy `d`. */
  key: readonly string[];
  /** Which copies; all without it. */
  when?: string;
}

const columns = Object.values(DIMENSIONS).map((column): [string, OfCopies] => [
  column,
  { key: [`d.${column}`] },
]);

/** Columns of lists that have few values, beside these. */
const LISTED = [
  "status",
  "recipientType",
  "attempts",
  "replyCode",
  "replyEnhanced",
] as const;

export function isListed(name: string): name is typeof LISTED[number] {
  return (LISTED as readonly string[]).includes(name);
}

const listed = LISTED.map((name): [string, OfCopies] => [name, { key: [FIELDS[name].sql] }]);

/** All copies, which are counted by the quarter of an hour: some time zones differ by that. */
export const ALL = "";
/** Those that did not arrive, by BOUNCE_PARTS. */
export const BOUNCES = "bounces";

/** Copies, counted in the order of COUNTS (figures.ts). */
export const OF_COPIES: ReadonlyMap<string, OfCopies> = new Map([
  [ALL, { key: [] }],
  ...columns,
  ...listed,
  [BOUNCES, { key: BOUNCE_PARTS.map((part) => BOUNCE_SQL[part]), when: IS_BOUNCED }],
]);

/** Hits, counted as hit_cells.ts says. */
export const READING = "reading";
export const REACTIONS = "reactions";
