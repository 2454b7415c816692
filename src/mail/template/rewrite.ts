/** What is opened in the body of a message for links, pixel, placeholders, files and footer. */
import { fieldsOf, type Header, readHeader, valueOf } from "../header/fields.ts";
import { hasLongLine } from "../lines.ts";
import { leavesOf, type Node, readTree } from "../mime/structure.ts";
import { hasPlaceholder } from "../placeholder.ts";
import { bodyOf, isReadable, type Section } from "./body.ts";
import type { Edit } from "./edit.ts";
import type { FileLinks } from "./file_links.ts";
import type { Fragment } from "./fragment.ts";
import { type OpenLeaf, openLeaf } from "./leaf.ts";
import { isArmoured } from "./sealed.ts";
import { htmlSpots, type SpotOptions, textSpots } from "./spots.ts";

export interface Rewriting {
  readonly edits: readonly Edit<string | Fragment>[];
  /** URLs of the links, by their position. */
  readonly links: readonly string[];
}

export interface RewriteOptions extends Pick<SpotOptions, "opens" | "clicks" | "footer"> {
  /** What to link to at the end, by its place. */
  readonly files: FileLinks["files"];
}

/** Signed and encrypted messages get none. */
export function rewriteBody(text: string, header: Header, options: RewriteOptions): Rewriting {
  const body = openBody(text, header);
  if (body === null) return { edits: [], links: [] };
  const { root, opened, readable } = body;
  const placed = readable.some(({ content }) => hasPlaceholder(content.text));
  const footer = placed ? null : options.footer;
  const files = options.files.length === 0
    ? null
    : { files: options.files, french: isFrench(text, header, readable) };
  const last = footer === null && files === null ? [] : lastOf(bodyOf(text, root).sections);

  const links: string[] = [];
  const edits = opened.flatMap(({ leaf, content }) => {
    if (!isReadable(leaf)) return content.edits([]);
    const charset = leaf.type.parameters.get("charset");
    const ends = last.includes(leaf) ? { footer, files } : { footer: null, files: null };
    const own = { ...options, charset, ...ends };
    return content.edits(
      leaf.type.value === "text/html"
        ? htmlSpots(content.text, own, links)
        : textSpots(content.text, own),
    );
  });
  return { edits, links };
}

/** Whether something can be put at the end of what there is to read. */
export function hasRoom(text: string): boolean {
  const body = openBody(text, readHeader(text));
  if (body === null) return false;
  const last = lastOf(bodyOf(text, body.root).sections);
  return body.readable.some(({ leaf }) => last.includes(leaf));
}

interface Opened {
  readonly leaf: Node;
  readonly content: OpenLeaf;
}

/** Null for what must not be changed. */
function openBody(
  text: string,
  header: Header,
): { root: Node; opened: Opened[]; readable: Opened[] } | null {
  const root = isArmoured(text) ? null : readTree(text, header);
  if (root === null) return null;
  const long = hasLongLine(text);
  const opened = leavesOf(root).flatMap((leaf) => {
    if (leaf.end === leaf.header.bodyStart || !(long || isReadable(leaf))) return [];
    const content = openLeaf(text, leaf, leaf === root);
    return content === null ? [] : [{ leaf, content }];
  });
  const readable = opened.filter(({ leaf }) => isReadable(leaf));
  if (readable.some(({ content }) => isArmoured(content.text))) return null;
  return { root, opened, readable };
}

/** As the message says it itself (RFC 3282, `lang` of HTML). */
function isFrench(text: string, header: Header, readable: readonly Opened[]): boolean {
  const field = fieldsOf(header, "content-language")[0];
  if (field !== undefined) return /^fr\b/i.test(valueOf(text, field));
  return readable.some(({ content }) =>
    /<html\b[^>]{0,1000}?\slang\s*=\s*["']?fr\b/i.test(content.text)
  );
}

/** The parts at whose end links to files and a footer stand: those of the last section, one with HTML if there is one. */
function lastOf(sections: readonly Section[]): Node[] {
  const last = sections.findLast(({ html }) => html !== null) ?? sections.at(-1);
  return [last?.plain ?? null, last?.html ?? null].filter((leaf) => leaf !== null);
}
