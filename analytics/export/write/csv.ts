/** CSV (RFC 4180) that spreadsheets only show. */
import type { Cell, Column } from "../grid.ts";
import type { MakeWriter } from "./writer.ts";

const utf8 = new TextEncoder();

/**
 * What a spreadsheet would take for a formula begins with an apostrophe, which it hides: a cell that
 * strangers wrote must not run there (OWASP, "CSV Injection").
 */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One record with its end. */
export const csvLine = (cells: readonly (string | null)[], separator = ","): string =>
  `${cells.map((text) => cell(text ?? "")).join(separator)}\r\n`;

/** Numbers, times and flags are ours: a negative number is no formula. */
function plain(value: Cell, { type }: Column): string {
  if (value === null) return "";
  if (type === "time") return new Date(value as number).toISOString();
  return type === "text" ? cell(String(value)) : String(value);
}

export const csv: MakeWriter = (_name, columns, { bom = false, separator = "," }) => {
  let head = (bom ? "\uFEFF" : "") + csvLine(columns.map(({ name }) => name), separator);
  return {
    rows(rows) {
      let text = head;
      head = "";
      for (const row of rows) {
        text += columns.map((column, i) => plain(row[i]!, column)).join(separator) + "\r\n";
      }
      return utf8.encode(text);
    },
    end: () => utf8.encode(head),
  };
};
