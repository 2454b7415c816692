/**
 * Rows of `facts` as ClickHouse's TabSeparated text. Among the text formats it is the quickest to
 * write and to parse: `data` is JSON already, and as JSON inside JSON it would be escaped twice.
 */
import { type Fact, FACT_COLUMNS } from "./fact.ts";

/** Where a row's event stands in the log, and the first commit of the insert it comes with. */
export interface Place {
  seq: number;
  idx: number;
  batch: number;
  /** ms UTC. */
  recorded: number;
}

export const COLUMNS: readonly string[] = ["seq", "idx", "batch", "recorded", ...FACT_COLUMNS];

/** One row with its line end. */
export function line(place: Place, fact: Fact): string {
  let text = `${place.seq}\t${place.idx}\t${place.batch}\t${seconds(place.recorded)}`;
  for (const column of FACT_COLUMNS) {
    const value = fact[column];
    text += "\t";
    if (column === "at") text += seconds(value as number);
    else text += typeof value === "number" ? value : escape(value);
  }
  return text + "\n";
}

/** Seconds with their fraction: an integer would be taken for seconds or milliseconds by its size. */
function seconds(ms: number): string {
  const fraction = ms % 1000;
  return `${(ms - fraction) / 1000}.${String(fraction).padStart(3, "0")}`;
}

const SPECIAL = /[\\\t\n\r\0]/;
const ESCAPED: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\0": "\\0",
};

function escape(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\\t\n\r\0]/g, (c) => ESCAPED[c]!) : text;
}
