/** What there is to read in a message, part by part. */
import { isEditable } from "../mime/charset.ts";
import { fieldsOf, valueOf } from "../header/fields.ts";
import { parseParametrised } from "../header/parameters.ts";
import type { Node } from "../mime/structure.ts";

/** One stretch of the body, as text, as HTML, or as both. */
export interface Section {
  /** Everything that shows it: the text, or the HTML with its images. */
  readonly node: Node;
  readonly plain: Node | null;
  readonly html: Node | null;
}

export interface Body {
  /** In order; several where something stands between them, such as an image. */
  readonly sections: readonly Section[];
  /**
   * Whether another form may stand beside them. Not where the message contradicts itself, nor where
   * it speaks to programs by its structure: invitations (RFC 6047), reports (RFC 6522).
   */
  readonly open: boolean;
}

/** RFC 3464, RFC 8098, RFC 6533, RFC 5965. */
const REPORTS = /^message\/(global-)?(delivery-status|disposition-notification|feedback-report)$/;

export function isReadable({ type, file }: Node): boolean {
  return !file && (type.value === "text/plain" || type.value === "text/html") &&
    isEditable(type.parameters.get("charset"));
}

export function bodyOf(text: string, root: Node): Body {
  let open = true;

  function sectionsOf(node: Node): Section[] {
    if (!node.sound) open = false;
    if (node.parts === null) return leafSections(node);
    switch (node.type.value) {
      case "multipart/mixed":
        return node.parts.flatMap(sectionsOf);
      case "multipart/related":
        return relatedSections(node, node.parts);
      case "multipart/alternative":
        return alternativeSections(node, node.parts);
      default:
        open = false;
        return [];
    }
  }

  function leafSections(node: Node): Section[] {
    const { type, file } = node;
    if (REPORTS.test(type.value)) open = false;
    if (type.value === "text/calendar" && (!file || type.parameters.has("method"))) open = false;
    if (/^text\/(plain|html)$/.test(type.value) && !file && !isReadable(node)) open = false;
    if (!isReadable(node)) return [];
    return type.value === "text/html"
      ? [{ node, plain: null, html: node }]
      : [{ node, plain: node, html: null }];
  }

  /** What is shown is its root (RFC 2387 §3.2); the images belong to it. */
  function relatedSections(node: Node, parts: readonly Node[]): Section[] {
    const start = node.type.parameters.get("start");
    const root = parts.find((part) => start !== undefined && contentId(part) === start) ?? parts[0];
    if (root === undefined) return [];
    return sectionsOf(root).map((section) =>
      section.node === root ? { ...section, node } : section
    );
  }

  function contentId({ header }: Node): string | null {
    const field = fieldsOf(header, "content-id")[0];
    return field === undefined ? null : parseParametrised(valueOf(text, field)).value;
  }

  /** Of several forms none may be added; a single one is as good as standing alone. */
  function alternativeSections(node: Node, parts: readonly Node[]): Section[] {
    const sections = parts.flatMap(sectionsOf);
    if (parts.length === 1) return sections;
    const plain = sections.find((section) => section.plain !== null)?.plain ?? null;
    const html = sections.find((section) => section.html !== null)?.html ?? null;
    if (plain === null || html === null) open = false;
    return plain === null && html === null ? [] : [{ node, plain, html }];
  }

  const sections = sectionsOf(root);
  return { sections, open };
}
