/** XLS (BIFF8): written whole at the end, since its tables stand in front; so no larger than it can be. */
import * as XLSX from "@e965/xlsx";
import type { Cell, CellType } from "../grid.ts";
import { LONGEST_TEXT, longText, record, SharedStrings, shortText, Sink } from "./biff.ts";
import {
  cellText,
  type MakeWriter,
  serialOf,
  TIME_FORMAT,
  TooManyRowsError,
  WIDTHS,
  XLS_ROWS,
} from "./writer.ts";

/** Formats of cells: as the value is, and as a time. They stand behind 15 of styles (2.4.353). */
const PLAIN = 15;
const TIME = 16;
/** The number format of times: the first that is nobody's. */
const TIME_IFMT = 164;

export const xls: MakeWriter = (name, columns) => {
  const cells = new Sink();
  const texts = new SharedStrings();
  let row = 0;

  function put(values: readonly Cell[], types: readonly CellType[]): void {
    for (const [column, type] of types.entries()) {
      cell(cells, texts, [row, column], values[column] ?? null, type);
    }
    row++;
  }
  const types = columns.map(({ type }) => type);
  put(columns.map((column) => column.name), columns.map(() => "text"));
  return {
    rows(rows) {
      if (row + rows.length > XLS_ROWS) throw new TooManyRowsError(null);
      for (const values of rows) put(values, types);
      return new Uint8Array(); // of its own: the worker gives it away
    },
    end() {
      const book = new Sink();
      globals(book, name, texts);
      sheet(book, types, row, cells);
      const file = XLSX.CFB.utils.cfb_new({ root: "R" } as object);
      XLSX.CFB.utils.cfb_add(file, "/Workbook", book.all());
      return new Uint8Array(XLSX.CFB.write(file, { type: "array" }) as ArrayBuffer);
    },
  };
};

/** Texts are texts, whatever they begin with: formulas are records of another kind. */
function cell(
  sink: Sink,
  texts: SharedStrings,
  at: readonly [row: number, column: number],
  value: Cell,
  type: CellType,
): void {
  if (value === null) return;
  if (type === "text") {
    sink.u16(0x00fd, 10, ...at, PLAIN);
    sink.u32(texts.place(cellText(String(value), LONGEST_TEXT)));
  } else if (type === "flag") {
    sink.u16(0x0205, 8, ...at, PLAIN);
    sink.u8(value ? 1 : 0, 0);
  } else {
    sink.u16(0x0203, 14, ...at, type === "time" ? TIME : PLAIN);
    sink.double(type === "time" ? serialOf(value as number) : value as number);
  }
}

/** What stands before the sheet. */
function globals(book: Sink, name: string, texts: SharedStrings): void {
  const begin = (sink: Sink) => {
    beginning(sink, 0x0005);
    record(sink, 0x0042, (data) => data.u16(1200)); // code page: UTF-16
    record(sink, 0x003d, (data) => data.u16(0, 0, 16384, 8192, 0x38, 0, 0, 1, 600)); // window
    record(sink, 0x0031, (data) => { // font
      data.u16(220, 0, 0x7fff, 400, 0);
      data.u8(0, 0, 0, 0);
      shortText(data, "Arial");
    });
    record(sink, 0x041e, (data) => {
      data.u16(TIME_IFMT);
      longText(data, TIME_FORMAT);
    });
    for (let i = 0; i < PLAIN; i++) cellFormat(sink, 0, 0xfff5, 0);
    cellFormat(sink, 0, 1, 0);
    cellFormat(sink, TIME_IFMT, 1, 4);
    record(sink, 0x0293, (data) => data.u8(0, 0x80, 0, 0xff)); // the style "Normal"
  };
  const end = (sink: Sink) => {
    texts.write(sink);
    record(sink, 0x000a);
  };
  // Where the sheet begins depends on the length of the texts, whose place comes after it.
  const [before, after] = [new Sink(), new Sink()];
  begin(before);
  end(after);
  book.bytes(before.all());
  record(book, 0x0085, (data) => {
    // Its own head, itself, and the name, which is Latin 1.
    data.u32(before.length + 4 + 8 + name.length + after.length);
    data.u8(0, 0);
    shortText(data, name);
  });
  book.bytes(after.all());
}

function sheet(book: Sink, types: readonly CellType[], rows: number, cells: Sink): void {
  beginning(book, 0x0010);
  for (const [i, type] of types.entries()) {
    record(book, 0x007d, (data) => data.u16(i, i, WIDTHS[type] * 256, PLAIN, 0, 0));
  }
  record(book, 0x0200, (data) => {
    data.u32(0, rows);
    data.u16(0, types.length, 0);
  });
  book.bytes(cells.all());
  record(book, 0x023e, (data) => data.u16(0x06be, 0, 0, 0x40, 0, 0, 0, 0, 0)); // view: frozen
  record(book, 0x0041, (data) => data.u16(0, 1, 1, 0, 2)); // below the heading
  record(book, 0x000a);
}

const beginning = (sink: Sink, what: number) =>
  record(sink, 0x0809, (data) => {
    data.u16(0x0600, what, 0x0dbb, 0x07cc);
    data.u32(0x41, 6);
  });

function cellFormat(sink: Sink, format: number, kind: number, changed: number): void {
  record(sink, 0x00e0, (data) => {
    data.u16(0, format, kind);
    data.u8(0x20, 0, 0, changed);
    data.u32(0, 0);
    data.u16(0x20c0);
  });
}
