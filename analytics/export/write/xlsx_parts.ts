/** The XML of a workbook (ECMA-376 Part 1, SpreadsheetML): what stands around the rows, and cells. */
import type { Cell, CellType, Column } from "../grid.ts";
import { cellText, serialOf, TIME_FORMAT, WIDTHS } from "./writer.ts";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml";

export function sheetHead(columns: readonly Column[]): string {
  const widths = columns.map(({ type }, i) =>
    `<col min="${i + 1}" max="${i + 1}" width="${WIDTHS[type]}" customWidth="1"/>`
  );
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' +
    `</sheetView></sheetViews><cols>${widths.join("")}</cols><sheetData>` +
    rowOf(columns.map(({ name }) => name), columns.map(() => "text"));
}
export const SHEET_END = "</sheetData></worksheet>";

/** Texts are inline strings, which are never formulas, whatever they begin with. */
export function rowOf(row: readonly Cell[], types: readonly CellType[]): string {
  let xml = "<row>";
  for (let i = 0; i < types.length; i++) {
    const value = row[i] ?? null;
    const type = types[i];
    if (value === null) xml += "<c/>";
    else if (type === "time") xml += `<c s="1"><v>${serialOf(value as number)}</v></c>`;
    else if (type === "number") xml += `<c><v>${value}</v></c>`;
    else if (type === "flag") xml += `<c t="b"><v>${value ? 1 : 0}</v></c>`;
    else {xml += `<c t="inlineStr"><is><t xml:space="preserve">${
        textOf(String(value))
      }</t></is></c>`;}
  }
  return `${xml}</row>`;
}

const MARKUP: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

// deno-lint-ignore no-control-regex -- those are what must be found
const SPECIAL = /[\x00-\x08\x0B-\x1F&<>_\uD800-\uDFFF\uFFFE\uFFFF]/;

// deno-lint-ignore no-control-regex -- those are what must be found
const NOT_XML = /[\x00-\x08\x0B-\x1F\uFFFE\uFFFF]/g;

/** Characters that XML does not have are written `_x0007_` (ST_Xstring, 22.9.2.19). */
export function textOf(text: string): string {
  const cut = cellText(text);
  if (!SPECIAL.test(cut)) return cut;
  return cut.toWellFormed()
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_")
    .replace(
      NOT_XML,
      (c) => `_x${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}_`,
    )
    .replace(/[&<>]/g, (c) => MARKUP[c]!);
}

/** All other files of a workbook of `sheets` sheets, by name. */
export function surroundings(name: string, sheets: number): Record<string, string> {
  const each = <T>(make: (n: number) => T) => Array.from({ length: sheets }, (_, i) => make(i + 1));
  const title = (n: number) => textOf(n === 1 ? name : `${name} ${n}`);
  const part = (path: string, type: string) =>
    `<Override PartName="/${path}" ContentType="${TYPES}.${type}+xml"/>`;
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  return {
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ' +
      'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      '<Default Extension="xml" ContentType="application/xml"/>' +
      part("xl/workbook.xml", "sheet.main") + part("xl/styles.xml", "styles") +
      each((n) => part(sheetPath(n), "worksheet")).join("") + "</Types>",
    "_rels/.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">` +
      relation("rId1", "officeDocument", "xl/workbook.xml") + "</Relationships>",
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
      each((n) => `<sheet name="${title(n)}" sheetId="${n}" r:id="rId${n}"/>`).join("") +
      "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">` +
      each((n) => relation(`rId${n}`, "worksheet", `worksheets/sheet${n}.xml`)).join("") +
      relation(`rId${sheets + 1}`, "styles", "styles.xml") + "</Relationships>",
    "xl/styles.xml": `${HEAD}<styleSheet xmlns="${MAIN}">` +
      `<numFmts count="1"><numFmt numFmtId="164" formatCode="${TIME_FORMAT}"/></numFmts>` +
      '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>' +
      '<fills count="2"><fill><patternFill patternType="none"/></fill>' +
      '<fill><patternFill patternType="gray125"/></fill></fills>' +
      '<borders count="1"><border/></borders>' +
      '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>' +
      '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs>' +
      "</styleSheet>",
  };
}

export const sheetPath = (n: number) => `xl/worksheets/sheet${n}.xml`;
