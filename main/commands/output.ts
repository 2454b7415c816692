/** What a command says: for people aligned, for programs as JSON. */

export type Cell = string | number | boolean | null | undefined | Date | readonly string[];
export type Row = Readonly<Record<string, Cell>>;

/** `note`: for people only, behind the rest. */
export type Output =
  & { readonly note?: string }
  & (
    | { readonly record: Row }
    | { readonly rows: readonly Row[] }
    /** Lines as they are. `json`: what they say to a program. */
    | { readonly lines: readonly string[]; readonly json: unknown }
  );

/** JSON Lines, too many to hold: each is printed as it comes, for people and programs alike. */
export interface Stream {
  readonly stream: AsyncIterable<string>;
}

/** Prints what a command says, a line at a time. */
export async function print(
  output: Output | Stream,
  json: boolean,
  printLine: (line: string) => void,
): Promise<void> {
  if ("stream" in output) { for await (const line of output.stream) printLine(line); }
  else printLine(json ? asJson(output) : asText(output));
}

export function asJson(output: Output): string {
  if ("record" in output) return JSON.stringify(output.record);
  return JSON.stringify("rows" in output ? output.rows : output.json);
}

export function asText(output: Output): string {
  const parts = [
    ..."lines" in output
      ? output.lines
      : "rows" in output
      ? table(output.rows)
      : record(output.record),
  ];
  if (output.note !== undefined) parts.push("", output.note);
  return parts.join("\n");
}

function table(rows: readonly Row[]): string[] {
  if (rows.length === 0) return ["none"];
  const names = Object.keys(rows[0]!);
  const lines = [
    names.map((name) => words(name).toUpperCase()),
    ...rows.map((row) => names.map((name) => cell(row[name]))),
  ];
  const widths = names.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines.map((line) => line.map((text, i) => text.padEnd(widths[i]!)).join("  ").trimEnd());
}

function record(row: Row): string[] {
  const entries = Object.entries(row).filter(([, value]) => value !== undefined);
  const width = Math.max(...entries.map(([name]) => words(name).length));
  return entries.map(([name, value]) => `${words(name).padEnd(width)}  ${cell(value)}`);
}

/** `lastUsed` is written `last used`. */
function words(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function cell(value: Cell): string {
  if (value === null || value === undefined || value === "") return "-";
  if (value instanceof Date) return `${value.toISOString().slice(0, 16).replace("T", " ")}Z`;
  if (typeof value === "object") return value.join(", ") || "-";
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}
