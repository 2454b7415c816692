/**
 * ClickHouse's TabSeparated format. Among the text formats it is the quickest to write and to parse:
 * the column `data` is JSON already, and as JSON inside JSON it would be escaped twice.
 */

const SPECIAL = /[\\\t\n\r\0]/;
const ESCAPED: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\0": "\\0",
};

export function escape(text: string): string {
  return SPECIAL.test(text) ? text.replace(/[\\\t\n\r\0]/g, (c) => ESCAPED[c]!) : text;
}

/** The same of what JSON.stringify wrote, which holds none but backslashes. */
export function escapeJson(json: string): string {
  return json.includes("\\") ? json.replaceAll("\\", "\\\\") : json;
}

/** A time, ms UTC, for DateTime64(3). Without a fraction its size would decide what it is taken for. */
export function seconds(ms: number): string {
  const fraction = ms % 1000;
  return `${(ms - fraction) / 1000}.${fraction < 10 ? "00" : fraction < 100 ? "0" : ""}${fraction}`;
}
