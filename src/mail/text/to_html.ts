/** Plain text as an HTML document that says the same: for readers who see nothing but HTML. */
import { findLinks } from "./links.ts";
import { readLines, type TextFormat } from "./lines.ts";

/** Quoting beyond which a quote is not set further in. */
const DEEPEST = 10;

const HEAD = '<!DOCTYPE html>\r\n<html>\r\n<head>\r\n<meta charset="utf-8">\r\n' +
  '<meta name="viewport" content="width=device-width">\r\n</head>\r\n' +
  '<body dir="auto" style="font-family:sans-serif;font-size:15px;line-height:1.5">\r\n';
const FOOT = "</body>\r\n</html>\r\n";
const QUOTE =
  '<blockquote style="margin:0 0 0 4px;padding-left:12px;border-left:2px solid #ccc">\r\n';

/** Paragraphs, line breaks, quotes and spaces are kept; what can be followed becomes a link. */
export function textToHtml(text: string, format: TextFormat): string {
  let html = HEAD;
  let depth = 0;
  let paragraph: string[] = [];
  const finish = () => {
    if (paragraph.length > 0) html += `<p>${paragraph.join("<br>\r\n")}</p>\r\n`;
    paragraph = [];
  };
  const quote = (wanted: number) => {
    if (wanted === depth) return;
    finish();
    for (; depth < wanted; depth++) html += QUOTE;
    for (; depth > wanted; depth--) html += "</blockquote>\r\n";
  };
  for (const line of readLines(text, format)) {
    quote(Math.min(line.depth, DEEPEST));
    const content = line.text.trimEnd();
    if (content === "") finish();
    else paragraph.push(lineHtml(content));
  }
  quote(0);
  finish();
  return html + FOOT;
}

function lineHtml(line: string): string {
  return findLinks(tabsExpanded(line).replace(/\p{Cc}/gu, "")).map(({ text, href }, i) => {
    const shown = spaced(escapeHtml(text), i === 0);
    return href === null ? shown : `<a href="${escapeHtml(href)}">${shown}</a>`;
  }).join("");
}

/** Runs of spaces, and spaces at the start of a line, stay as wide as they are. */
function spaced(text: string, first: boolean): string {
  const runs = text.replace(/ {2,}/g, (run) => `${"&nbsp;".repeat(run.length - 1)} `);
  return first && runs.startsWith(" ") ? `&nbsp;${runs.slice(1)}` : runs;
}

/** To columns of eight, as terminals and mail programs show them. */
function tabsExpanded(line: string): string {
  if (!line.includes("\t")) return line;
  let column = 0;
  return line.split("\t").map((piece, i, all) => {
    column += piece.length;
    const width = i === all.length - 1 ? 0 : 8 - column % 8;
    column += width;
    return piece + " ".repeat(width);
  }).join("");
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** For content and for attributes in double quotes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ENTITIES[char]!);
}
