import assert from "node:assert/strict";
import * as XLSX from "@e965/xlsx";
import type { Cell, Column } from "../grid.ts";
import { csv, csvLine } from "./csv.ts";
import { jsonl } from "./jsonl.ts";
import { xls } from "./xls.ts";
import { type Format, type MakeWriter, TooManyRowsError, type WriteOptions } from "./writer.ts";
import { makeXlsx, xlsx } from "./xlsx.ts";
import { textOf as textIn } from "./xlsx_parts.ts";

const COLUMNS: Column[] = [
  { name: "subject", type: "text" },
  { name: "sentAt", type: "time" },
  { name: "replyCode", type: "number" },
  { name: "opened", type: "flag" },
];
const WRITERS = { csv, jsonl, xls, xlsx } satisfies Record<Format, MakeWriter>;
const AT = Date.UTC(2026, 10, 28, 13, 45, 6, 789);
/** What strangers write, and what each format must bear. */
const TEXTS = [
  "plain",
  '=HYPERLINK("http://evil.example";"x")',
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  'a "b", c; d',
  "two\r\nlines",
  "é 漢字 🚀 العربية",
  "<&>]]> ' \u0001\u0008",
  "_x0041_ stays",
  "x".repeat(400),
  " spaces ",
  "",
];
const ROWS: Cell[][] = [
  ...TEXTS.map((text): Cell[] => [text, AT, 250, true]),
  [null, null, null, false],
  ["last", 0, -1.5, false],
];

function write(make: MakeWriter, rows: Cell[][], options: WriteOptions = {}): Uint8Array {
  const writer = make("messages", COLUMNS, options);
  const pieces: Uint8Array[] = [];
  for (let i = 0; i < rows.length; i += 3) pieces.push(writer.rows(rows.slice(i, i + 3)));
  pieces.push(writer.end());
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}
const plainEnds = (text: Cell) => String(text).replaceAll("\r", "");
const textOf = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

for (const format of ["xls", "xlsx"] as const satisfies Format[]) {
  Deno.test(`${format}: texts, times, numbers and flags come out as they went in`, () => {
    const book = XLSX.read(write(WRITERS[format], ROWS), { dense: true, cellNF: true });
    assert.deepEqual(book.SheetNames, ["messages"]);
    const cells = book.Sheets["messages"]!["!data"]!;
    assert.deepEqual(cells[0]!.map((c) => c.v), ["subject", "sentAt", "replyCode", "opened"]);
    assert.equal(cells.length, ROWS.length + 1);
    for (const [i, [text, at, code, flag]] of ROWS.entries()) {
      const row = cells[i + 1]!;
      if (text === null) {
        assert.equal(row[0]?.v, undefined);
        assert.equal(row[1]?.v, undefined);
        continue;
      }
      // The library's reader of XLSX ends lines its own way.
      if (text !== "") assert.equal(String(row[0]!.v).replaceAll("\r", ""), plainEnds(text!));
      for (const cell of row) assert.equal(cell?.f, undefined, "no formula");
      assert.equal(row[1]!.t, "n");
      assert.equal(row[1]!.z, "yyyy-mm-dd hh:mm:ss");
      assert.equal(Math.round((Number(row[1]!.v) - 25569) * 86_400_000), at);
      assert.equal(row[2]!.t, "n");
      assert.equal(row[2]!.v, code);
      assert.equal(row[3]!.t, "b");
      assert.equal(row[3]!.v, flag);
    }
  });
}

Deno.test("xlsx: what one sheet cannot hold goes on in the next, under its own heading", () => {
  const make = makeXlsx({ rows: 7, bytes: Infinity });
  const rows = Array.from({ length: 15 }, (_, i): Cell[] => [`r${i}`, AT, i, false]);
  const book = XLSX.read(write(make, rows), { dense: true });
  assert.deepEqual(book.SheetNames, ["messages", "messages 2", "messages 3"]);
  const read = book.SheetNames.flatMap((name) => {
    const [head, ...body] = XLSX.utils.sheet_to_json<unknown[]>(book.Sheets[name]!, { header: 1 });
    assert.equal(head![0], "subject");
    return body.map(([subject]) => subject);
  });
  assert.deepEqual(read, rows.map(([subject]) => subject));
  const byBytes = XLSX.read(write(makeXlsx({ rows: 1000, bytes: 2000 }), rows));
  assert(byBytes.SheetNames.length > 1);
});

Deno.test("an empty grid is a file with a heading in every format", () => {
  for (const [format, make] of Object.entries(WRITERS)) {
    const bytes = write(make, []);
    if (format === "jsonl") assert.equal(bytes.length, 0);
    else if (format === "csv") assert.equal(textOf(bytes), "subject,sentAt,replyCode,opened\r\n");
    else assert.equal(XLSX.read(bytes, { dense: true }).Sheets["messages"]!["!data"]!.length, 1);
  }
});

Deno.test("csv: formulas are shown, not run; numbers stay numbers; Excel's mark and separator", () => {
  const lines = textOf(write(WRITERS.csv, [
    ["=1+1", AT, -1, true],
    ["+a", null, null, false],
    ['x"y', 0, 2.5, null],
  ])).split("\r\n");
  assert.deepEqual(lines, [
    "subject,sentAt,replyCode,opened",
    "'=1+1,2026-11-28T13:45:06.789Z,-1,true",
    "'+a,,,false",
    '"x""y",1970-01-01T00:00:00.000Z,2.5,',
    "",
  ]);
  const excel = textOf(write(WRITERS.csv, [["a;b", 0, 1, true]], { bom: true, separator: ";" }));
  assert.equal(
    excel,
    '\uFEFFsubject;sentAt;replyCode;opened\r\n"a;b";1970-01-01T00:00:00.000Z;1;true\r\n',
  );
  assert.equal(csvLine(["=1", null, "a,b"]), `'=1,,"a,b"\r\n`);
});

Deno.test("jsonl: an object a row, text untouched", () => {
  const lines = textOf(write(WRITERS.jsonl, ROWS)).trimEnd().split("\n");
  const read = lines.map((line) => JSON.parse(line));
  assert.deepEqual(read.slice(0, TEXTS.length).map(({ subject }) => subject), TEXTS);
  assert.deepEqual(read.at(-2), { subject: null, sentAt: null, replyCode: null, opened: false });
  assert.equal(read[0].sentAt, "2026-11-28T13:45:06.789Z");
});

Deno.test("xls says where it ends; longer texts than a cell holds end in an ellipsis", () => {
  const writer = WRITERS.xls("messages", COLUMNS, {});
  const row: Cell[] = ["a", AT, 1, true];
  writer.rows(Array.from({ length: 65_535 }, () => row));
  assert.throws(() => writer.rows([row]), (error) => {
    return error instanceof TooManyRowsError &&
      /65535 rows.*xlsx, csv or jsonl/.test(error.message);
  });
  for (const [make, longest] of [[WRITERS.xls, 4096], [WRITERS.xlsx, 32_767]] as const) {
    const bytes = write(make, [["y".repeat(40_000), AT, 1, true]]);
    const [, read] = XLSX.read(bytes, { dense: true }).Sheets["messages"]!["!data"]!;
    assert.equal(read![0]!.v, "y".repeat(longest - 1) + "…");
  }
});

Deno.test("xlsx: what XML does not have is written as the standard says", () => {
  const text = "a\r\n\u0007_x0041_<&>\ud800";
  assert.equal(textIn(text), "a_x000D_\n_x0007__x005F_x0041_&lt;&amp;&gt;\ufffd");
});
