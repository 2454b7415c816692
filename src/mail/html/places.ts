/** Where links stand in an HTML document: what they say, and in which block of it. */
import { readElements } from "./elements.ts";

/** What a reader sees as one thing. */
export interface Block {
  /** Place among those with links, from 0 on. */
  index: number;
  /** Name of the element. */
  element: string;
  /** Its beginning. */
  text: string;
}

export interface Place {
  /** Of the link; of an image, its alternative text. */
  text: string;
  /** The innermost that holds the link; null outside of all. */
  block: Block | null;
}

const BLOCKS = new Set(
  ("address article aside blockquote body caption center dd div dl dt fieldset figure footer form h1 " +
    "h2 h3 h4 h5 h6 header li main nav ol p pre section table td th ul").split(" "),
);
/** Their text is not shown. */
const HIDDEN = new Set(["head", "script", "style", "title"]);
/** More is not kept of a text. */
const LONGEST = 160;

interface OpenBlock {
  element: string;
  text: string;
  links: Place[];
}

/**
 * Places of all `a` and `area` that have an `href`, in order of appearance. Time is in proportion to
 * the length.
 */
export function readPlaces(html: string): Place[] {
  const places: Place[] = [];
  const blocks: OpenBlock[] = [];
  let link: Place | null = null;
  let hidden = 0;

  function say(text: string): void {
    if (hidden > 0) return;
    if (link !== null) link.text = joined(link.text, text);
    const block = blocks.at(-1);
    if (block !== undefined) block.text = joined(block.text, text);
  }

  readElements(html, {
    open(name, attribute) {
      if (HIDDEN.has(name)) hidden++;
      if (BLOCKS.has(name)) blocks.push({ element: name, text: "", links: [] });
      if (name === "img") say(` ${attribute("alt") ?? ""} `);
      if ((name === "a" || name === "area") && attribute("href") !== undefined) {
        link = { text: name === "area" ? attribute("alt") ?? "" : "", block: null };
        places.push(link);
        blocks.at(-1)?.links.push(link);
      }
    },
    text: say,
    close(name) {
      if (HIDDEN.has(name)) hidden--;
      if (name === "a" || name === "area") link = null;
      if (!BLOCKS.has(name)) return;
      const { element, text, links } = blocks.pop()!;
      if (links.length > 0) {
        const block = { index: 0, element, text: tidy(text) };
        for (const each of links) each.block = block;
      }
      const outer = blocks.at(-1);
      if (outer !== undefined) outer.text = joined(outer.text, ` ${text} `);
    },
  });
  // Blocks in the order of their first links.
  [...new Set(places.map(({ block }) => block))].filter((block) => block !== null)
    .forEach((block, index) => block.index = index);
  for (const place of places) place.text = tidy(place.text);
  return places;
}

function joined(before: string, text: string): string {
  return before.length > 2 * LONGEST ? before : before + text.slice(0, 4 * LONGEST);
}

function tidy(text: string): string {
  return [...text.replaceAll(/\s+/g, " ").trim()].slice(0, LONGEST).join("");
}
