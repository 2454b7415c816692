/** An HTML document as plain text: for readers, machines and people, who want no HTML. */
import { hasPlaceholder } from "../placeholder.ts";
import { createTextWriter } from "../text/writer.ts";
import { type AttributeReader, readElements } from "./elements.ts";

/** Elements of which nothing is shown, or nothing that a text could show. */
const UNSEEN = new Set(
  ["script", "style", "title", "template", "svg", "math", "select", "datalist", "iframe", "object"],
);
/** What stands around: an empty line, or the end of one. */
const AROUND = new Map<string, "paragraph" | "line">([
  ..."p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre table hr fieldset figure address".split(" ")
    .map((name) => [name, "paragraph"] as const),
  ...("div section article aside header footer nav main center form tr li dt dd caption thead " +
    "tbody tfoot figcaption legend details summary body").split(" ")
    .map((name) => [name, "line"] as const),
]);
const HIDING =
  /(?:display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?![\d.]*[1-9])|opacity\s*:\s*0(?![\d.]*[1-9]))/i;
/** The common case of a link. */
const PLAIN = /^https?:\/\/[!-~]+$/i;
const RULE = "-".repeat(30);

/**
 * Headings and paragraphs apart by empty lines, lists with dashes and numbers, tables row by row,
 * links as `text (URL)`, images as their alternative text, quotes behind `>`. Lines have at most 78
 * characters, unless one word has more; they end with CRLF. Empty when there is nothing to read.
 */
export function htmlToText(html: string): string {
  const writer = createTextWriter();
  /** Elements open within one that is not seen. */
  let unseen = 0;
  const lists: { next: number | null }[] = [];
  const rows: { cells: number }[] = [];
  const links: { href: string | null; text: string; image: boolean }[] = [];
  const write = (text: string) => {
    const link = links.at(-1);
    if (link !== undefined && link.text.length < LONGEST_COMPARED) link.text += text;
    writer.text(text);
  };

  /** Around an element; a list within a list is no paragraph of its own. */
  const apart = (name: string) => {
    const around = AROUND.get(name);
    if (around === undefined) return;
    const inner = lists.length > 0 && (name === "ul" || name === "ol");
    if (around === "line" || inner) writer.line();
    else writer.paragraph();
  };

  readElements(html, {
    open(name, attribute) {
      if (unseen > 0 || UNSEEN.has(name) || isHidden(attribute)) return void unseen++;
      apart(name);
      switch (name) {
        case "br":
          return writer.br();
        case "hr":
          return writer.text(RULE);
        case "pre":
          return writer.pre(true);
        case "blockquote":
          return writer.enter("> ", "> ");
        case "ul":
        case "ol":
          return void lists.push({ next: name === "ul" ? null : startOf(attribute("start")) });
        case "li": {
          const list = lists.at(-1);
          const mark = list === undefined || list.next === null ? "- " : `${list.next++}. `;
          return writer.enter(mark, " ".repeat(mark.length));
        }
        case "tr":
          return void rows.push({ cells: 0 });
        case "td":
        case "th": {
          const row = rows.at(-1);
          if (row !== undefined && row.cells++ > 0) writer.cell();
          return;
        }
        case "a":
          return void links.push({ href: leadsTo(attribute("href")), text: "", image: false });
        case "img": {
          const link = links.at(-1);
          if (link !== undefined) link.image = true;
          return write(attribute("alt") ?? "");
        }
      }
    },
    text(text) {
      if (unseen === 0) write(text);
    },
    close(name) {
      if (unseen > 0) return void unseen--;
      switch (name) {
        case "pre":
          writer.pre(false);
          break;
        case "blockquote":
        case "li":
          writer.leave();
          break;
        case "ul":
        case "ol":
          lists.pop();
          break;
        case "tr":
          rows.pop();
          break;
        case "a": {
          const link = links.pop();
          const target = link === undefined ? null : mention(link);
          if (target !== null) writer.text(target);
        }
      }
      apart(name);
    },
  });
  return writer.end();
}

/** Longer texts of links are not compared with where they lead. */
const LONGEST_COMPARED = 2000;

function isHidden(attribute: AttributeReader): boolean {
  const style = attribute("style");
  return attribute("hidden") !== undefined || (style !== undefined && HIDING.test(style));
}

function startOf(value: string | undefined): number {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : 1;
}

/** What a reader of text can follow; anchors and scripts are none. */
function leadsTo(href: string | undefined): string | null {
  if (href !== undefined && PLAIN.test(href)) return href;
  const url = href?.replace(/[\t\r\n]+/g, "").trim() ?? "";
  const mail = /^mailto:([^?]+)/i.exec(url)?.[1];
  if (mail !== undefined) return mail;
  return /^https?:\/\//i.test(url) || hasPlaceholder(url) ? url.replaceAll(" ", "%20") : null;
}

/** What is said of a link behind its text; null when the text says it all. */
function mention(
  { href, text, image }: { href: string | null; text: string; image: boolean },
): string | null {
  const shown = text.trim();
  if (href === null) return null;
  if (shown === "") return image ? href : null;
  return isSame(shown, href) ? null : ` (${href})`;
}

/** But for the scheme and the slash at the end. */
function isSame(shown: string, href: string): boolean {
  // Most texts are much shorter, or longer, than where they lead.
  return Math.abs(shown.length - href.length) <= "https:///".length && bare(shown) === bare(href);
}

function bare(url: string): string {
  return url.toLowerCase().replace(/^https?:\/\/|\/$/g, "");
}
