/**
 * XLSX as it comes: rows go as XML into a zip file that is written on while they are read, so nothing
 * of the workbook is held. What one sheet cannot hold goes on in the next.
 */
import { Zip } from "fflate";
import type { MakeWriter } from "./writer.ts";
import { rowOf, SHEET_END, sheetHead, sheetPath, surroundings } from "./xlsx_parts.ts";
import { ZipEntry } from "./zip_entry.ts";

/** Rows of a sheet, the first of which names the columns (Excel specifications and limits). */
const SHEET_ROWS = 1_048_576;
/** XML of a sheet, bytes: below what a zip entry holds without its 64-bit extension. */
const SHEET_BYTES = 3 * 2 ** 30;

const utf8 = new TextEncoder();

/** @param limits of a sheet; smaller ones are for tests */
export function makeXlsx(limits = { rows: SHEET_ROWS, bytes: SHEET_BYTES }): MakeWriter {
  return (name, columns) => {
    const types = columns.map(({ type }) => type);
    let pieces: Uint8Array[] = [];
    const zip = new Zip((error, piece) => {
      if (error !== null) throw error;
      pieces.push(piece);
    });
    let sheets = 0;
    let sheet: ZipEntry;
    let rows = 0;
    let bytes = 0;

    function add(path: string): ZipEntry {
      const file = new ZipEntry(path);
      zip.add(file);
      return file;
    }
    function write(xml: string): void {
      const piece = utf8.encode(xml);
      bytes += piece.length;
      sheet.push(piece);
    }
    function begin(): void {
      sheet = add(sheetPath(++sheets));
      [rows, bytes] = [1, 0];
      write(sheetHead(columns));
    }
    function taken(): Uint8Array<ArrayBuffer> {
      const all = joined(pieces);
      pieces = [];
      return all;
    }

    begin();
    return {
      rows(batch) {
        let xml = "";
        for (const row of batch) {
          if (rows === limits.rows || bytes + xml.length > limits.bytes) {
            write(xml);
            xml = "";
            sheet.push(utf8.encode(SHEET_END), true);
            begin();
          }
          xml += rowOf(row, types);
          rows++;
        }
        write(xml);
        return taken();
      },
      end() {
        sheet.push(utf8.encode(SHEET_END), true);
        for (const [path, xml] of Object.entries(surroundings(name, sheets))) {
          add(path).push(utf8.encode(xml), true);
        }
        zip.end();
        return taken();
      },
    };
  };
}

export const xlsx = makeXlsx();

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
