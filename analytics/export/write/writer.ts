/** How a format is written: a piece for each batch of rows, none of it held but what the format asks for. */
import type { Cell, CellType, Column } from "../grid.ts";

export const FORMATS = ["csv", "jsonl", "xls", "xlsx"] as const;
export type Format = typeof FORMATS[number];

export interface WriteOptions {
  /** CSV: begins with a byte order mark, by which Excel knows UTF-8. */
  readonly bom?: boolean;
  /** CSV: between cells. Excel in French expects a semicolon. */
  readonly separator?: "," | ";";
}

export interface Writer {
  /** What these rows add to the file; may be empty. @throws {TooManyRowsError} */
  rows(rows: readonly (readonly Cell[])[]): Uint8Array<ArrayBuffer>;
  /** What ends the file. */
  end(): Uint8Array<ArrayBuffer>;
}

export type MakeWriter = (
  name: string,
  columns: readonly Column[],
  options: WriteOptions,
) => Writer;

/** Media types of the files. */
export const MEDIA: Readonly<Record<Format, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/jsonl",
  xls: "application/vnd.ms-excel",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

/** Rows of a sheet in BIFF8, the first of which names the columns ([MS-XLS] 2.5.198.79). */
export const XLS_ROWS = 65_536;

/** More rows than the format can hold. */
export class TooManyRowsError extends Error {
  override name = "TooManyRowsError";
  constructor(rows: number | null) {
    const many = rows === null ? "more" : `${rows}`;
    super(
      `XLS holds ${XLS_ROWS - 1} rows under their heading, and there are ${many}: ` +
        "narrow the filter, or take xlsx, csv or jsonl",
    );
  }
}

/** Longest text of a spreadsheet's cell, in UTF-16 units (Excel specifications and limits). */
const LONGEST_TEXT = 32_767;

/** What a spreadsheet's cell can hold of a text. */
export function cellText(text: string, longest = LONGEST_TEXT): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

const DAY = 86_400_000;
/** Days from the spreadsheets' day 0 to 1970. */
const EPOCH = 25_569;

/** ms UTC as spreadsheets count time: days, the hour of the day as a fraction. */
export const serialOf = (at: number): number => at / DAY + EPOCH;

/** How times are shown, to the second; the value keeps its milliseconds. */
export const TIME_FORMAT = "yyyy-mm-dd hh:mm:ss";

/** Widths of columns, in characters. */
export const WIDTHS: Readonly<Record<CellType, number>> = {
  text: 28,
  number: 12,
  time: 19,
  flag: 8,
};
