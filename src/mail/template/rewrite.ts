/** What is opened in the body of a message for links, pixel, placeholders and footer. */
import type { Header } from "../header/fields.ts";
import { hasLongLine } from "../lines.ts";
import { leavesOf, type Node, readTree } from "../mime/structure.ts";
import { hasPlaceholder } from "../placeholder.ts";
import { bodyOf, isReadable, type Section } from "./body.ts";
import type { Edit } from "./edit.ts";
import type { Fragment } from "./fragment.ts";
import { openLeaf } from "./leaf.ts";
import { isArmoured } from "./sealed.ts";
import { htmlSpots, type SpotOptions, textSpots } from "./spots.ts";

export interface Rewriting {
  readonly edits: readonly Edit<string | Fragment>[];
  /** URLs of the links, by their position. */
  readonly links: readonly string[];
}

/** Signed and encrypted messages get none. */
export function rewriteBody(
  text: string,
  header: Header,
  options: Omit<SpotOptions, "charset">,
): Rewriting {
  const untouched = { edits: [], links: [] };
  const root = isArmoured(text) ? null : readTree(text, header);
  if (root === null) return untouched;

  const long = hasLongLine(text);
  const opened = leavesOf(root).flatMap((leaf) => {
    if (leaf.end === leaf.header.bodyStart || !(long || isReadable(leaf))) return [];
    const content = openLeaf(text, leaf, leaf === root);
    return content === null ? [] : [{ leaf, content }];
  });
  const readable = opened.filter(({ leaf }) => isReadable(leaf));
  if (readable.some(({ content }) => isArmoured(content.text))) return untouched;
  const placed = readable.some(({ content }) => hasPlaceholder(content.text));
  const footed = placed || options.footer === null ? [] : lastOf(bodyOf(text, root).sections);

  const links: string[] = [];
  const edits = opened.flatMap(({ leaf, content }) => {
    if (!isReadable(leaf)) return content.edits([]);
    const charset = leaf.type.parameters.get("charset");
    const footer = footed.includes(leaf) ? options.footer : null;
    const own = { ...options, charset, footer };
    return content.edits(
      leaf.type.value === "text/html"
        ? htmlSpots(content.text, own, links)
        : textSpots(content.text, own),
    );
  });
  return { edits, links };
}

/** The parts at whose end a footer stands: those of the last section, one with HTML if there is one. */
function lastOf(sections: readonly Section[]): Node[] {
  const last = sections.findLast(({ html }) => html !== null) ?? sections.at(-1);
  return [last?.plain ?? null, last?.html ?? null].filter((leaf) => leaf !== null);
}
