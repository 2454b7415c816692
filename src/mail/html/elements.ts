/**
 * HTML as elements that open and close, those included whose tags were left out (WHATWG HTML
 * §13.1.2.4, §13.2.6.4.7): each that opens closes, in order. Time is in proportion to the length,
 * however deep elements are nested.
 */
import { attributeOf } from "./attributes.ts";
import { decodeAttribute, decodeContent } from "./entities.ts";
import { readTokens } from "./tokens.ts";

export interface ElementHandlers {
  /** `attribute` gives the value of one, references decoded; only good during the call. */
  open(name: string, attribute: AttributeReader): void;
  /** References decoded. */
  text(text: string): void;
  close(name: string): void;
}

export type AttributeReader = (name: string) => string | undefined;

/** Void elements, old ones too. */
const EMPTY = new Set(
  ("area base basefont br col command embed frame hr img input isindex keygen link meta param " +
    "source track wbr").split(" "),
);

const PARAGRAPH = new Set(["p"]);
const HEADING = new Set(["h1", "h2", "h3", "h4", "h5", "h6", "p"]);
const TERM = new Set(["dd", "dt"]);
const RUBY = new Set(["rt", "rp"]);
const SECTION = new Set(["thead", "tbody"]);
const CONTROL = new Set(
  ["input", "option", "optgroup", "select", "button", "datalist", "textarea"],
);
/** What ends where this begins, as long as it is the innermost. */
const ENDS = new Map<string, ReadonlySet<string>>([
  ...("address article aside blockquote details div dl fieldset figcaption figure footer form " +
    "header hr main nav ol p pre section table ul").split(" ").map((name) =>
      [name, PARAGRAPH] as const
    ),
  ...["h1", "h2", "h3", "h4", "h5", "h6"].map((name) => [name, HEADING] as const),
  ...["select", "input", "output", "button", "datalist", "textarea"].map((name) =>
    [name, CONTROL] as const
  ),
  ...["dd", "dt"].map((name) => [name, TERM] as const),
  ...["rt", "rp"].map((name) => [name, RUBY] as const),
  ...["tbody", "tfoot"].map((name) => [name, SECTION] as const),
  ["a", new Set(["a"])],
  ["li", new Set(["li"])],
  ["option", new Set(["option"])],
  ["optgroup", new Set(["optgroup", "option"])],
  ["tr", new Set(["tr", "th", "td"])],
  ["td", new Set(["thead", "th", "td"])],
  ["th", new Set(["th"])],
  ["body", new Set(["head", "link", "script"])],
]);

/** What is known of elements of one name. */
interface Kind {
  readonly name: string;
  readonly ends: ReadonlySet<string> | undefined;
  readonly empty: boolean;
  /** How many are open: an end tag of nothing is told without a search. */
  open: number;
}

export function readElements(html: string, handlers: ElementHandlers): void {
  const kinds = new Map<string, Kind>();
  const stack: Kind[] = [];

  function kindOf(name: string): Kind {
    let kind = kinds.get(name);
    if (kind === undefined) {
      kind = name === "image"
        ? kindOf("img")
        : { name, ends: ENDS.get(name), empty: EMPTY.has(name), open: 0 };
      kinds.set(name, kind);
    }
    return kind;
  }

  function closeInnermost(): Kind {
    const kind = stack.pop()!;
    kind.open--;
    handlers.close(kind.name);
    return kind;
  }

  const svg = kindOf("svg");
  const math = kindOf("math");
  readTokens(html, {
    startTag(tag, attributes, closed) {
      const kind = kindOf(tag);
      const { name, ends } = kind;
      // A form within a form is none.
      if (name === "form" && kind.open > 0) return;
      if (ends !== undefined) {
        while (stack.length > 0 && ends.has(stack.at(-1)!.name)) closeInnermost();
      }
      handlers.open(name, (wanted) => {
        const found = attributeOf(html, attributes, wanted);
        return found && decodeAttribute(html.slice(found.valueStart, found.valueEnd));
      });
      if (kind.empty) return handlers.close(name);
      stack.push(kind);
      kind.open++;
      if (closed && (svg.open > 0 || math.open > 0)) closeInnermost();
    },
    endTag(tag) {
      const kind = kindOf(tag);
      if (kind.open > 0) { while (closeInnermost() !== kind); }
      // Browsers take these for start tags as well.
      else if (tag === "p" || tag === "br") {
        handlers.open(tag, () => undefined);
        handlers.close(tag);
      }
    },
    text(start, end, coded) {
      const text = html.slice(start, end);
      handlers.text(coded ? decodeContent(text) : text);
    },
  });
  while (stack.length > 0) closeInnermost();
}
