/** Finds the links of an HTML document, without building a tree. */
import { type Attribute, attributeOf } from "./attributes.ts";
import { readTokens } from "./tokens.ts";

export interface Scan {
  /** Those of `a` and `area` that have a value. */
  readonly hrefs: readonly Attribute[];
  /** Where the last `</body>` starts; -1 when there is none. */
  readonly bodyEnd: number;
}

export function scanHtml(html: string): Scan {
  const hrefs: Attribute[] = [];
  let bodyEnd = -1;
  readTokens(html, {
    startTag(name, attributes) {
      if (name !== "a" && name !== "area") return;
      const href = attributeOf(html, attributes, "href");
      if (href !== undefined && href.valueStart >= 0) hrefs.push(href);
    },
    endTag(name, start) {
      if (name === "body") bodyEnd = start;
    },
  });
  return { hrefs, bodyEnd };
}
