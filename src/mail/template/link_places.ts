/** The links that a copy's readers can click, by their position, and where they stand. */
import { toText } from "../bytes.ts";
import { readHeader } from "../header/fields.ts";
import { attributeOf } from "../html/attributes.ts";
import { type Block, readPlaces } from "../html/places.ts";
import { targetOf } from "../html/target.ts";
import { readTokens } from "../html/tokens.ts";
import { normaliseLineEnds } from "../lines.ts";
import { decodeCharset, isUtf8 } from "../mime/charset.ts";
import { leavesOf, readTree } from "../mime/structure.ts";
import { hasPlaceholder } from "../placeholder.ts";
import { isReadable } from "./body.ts";
import { compile, type CompileOptions, reshaped } from "./compile.ts";
import { openLeaf } from "./leaf.ts";
import { MAX_LINKS } from "./spots.ts";

export interface LinkPlace {
  url: string;
  text: string;
  block: Block | null;
}

/** Index: position of the link, as {@link compile} counts. None of a message whose links stay as they are. */
export function linkPlaces(
  raw: Uint8Array,
  { alternative, optionsName }: Pick<CompileOptions, "alternative" | "optionsName">,
): LinkPlace[] {
  const options = {
    alternative,
    optionsName,
    opens: false,
    clicks: true,
    footer: null,
    remove: [],
    files: [], // Links to them stand behind all others.
  };
  const { links } = compile(raw, options);
  if (links.length === 0) return [];
  const text = reshaped(toText(normaliseLineEnds(raw)), options);
  const root = readTree(text, readHeader(text));
  const found: LinkPlace[] = [];
  let blocks = 0;
  for (const leaf of root === null ? [] : leavesOf(root)) {
    if (!isReadable(leaf) || leaf.type.value !== "text/html") continue;
    const content = openLeaf(text, leaf, leaf === root);
    if (content === null) continue;
    const charset = leaf.type.parameters.get("charset");
    const urls = targets(content.text, isUtf8(charset));
    const places = readPlaces(decodeCharset(content.text, charset) ?? content.text);
    const own = new Map<Block, Block>();
    places.forEach(({ text, block }, i) => {
      const url = urls[i];
      if (url === null || url === undefined || found.length === MAX_LINKS) return;
      if (block !== null && !own.has(block)) {
        own.set(block, { ...block, index: blocks++ });
      }
      found.push({ url, text, block: block === null ? null : own.get(block)! });
    });
  }
  return found;
}

/** Where each `href` of `a` and `area` leads, null for those that are no link. */
function targets(html: string, utf8: boolean): (string | null)[] {
  const all: (string | null)[] = [];
  readTokens(html, {
    startTag(name, attributes) {
      if (name !== "a" && name !== "area") return;
      const href = attributeOf(html, attributes, "href");
      if (href === undefined) return;
      const value = href.valueStart < 0 ? "" : html.slice(href.valueStart, href.valueEnd);
      all.push(hasPlaceholder(value) ? null : targetOf(value, utf8));
    },
    endTag() {},
  });
  return all;
}
