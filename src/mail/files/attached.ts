/** Which parts of a message are files that its readers save, and not part of what it shows. */
import { fieldsOf, valueOf } from "../header/fields.ts";
import { parseParametrised, percentDecoded } from "../header/parameters.ts";
import { leavesOf, type Node } from "../mime/structure.ts";
import { openLeaf } from "../template/leaf.ts";

/** A part, and the boundary of the multipart it stands in. */
export interface Beside {
  readonly part: Node;
  readonly boundary: string;
  readonly within: string;
}

const CONTAINERS = new Set(["multipart/mixed", "multipart/related", "multipart/alternative"]);

/**
 * What mail programs act on rather than save: invitations (RFC 6047), signatures, Outlook's own form
 * of a message. Of messages only whole ones are files (reports are RFC 6522's).
 */
const ACTED_ON =
  /^(text\/calendar|application\/(ics|ms-tnef|vnd\.ms-tnef|pgp-.*|(x-)?pkcs7-.*)|message\/(?!rfc822$|global$).*)$/;

const SHOWN = /^(image\/.*|text\/(plain|html))$/;

/** Parts that stand beside others: of several forms of the same thing none is a file. */
export function partsBeside(node: Node): Beside[] {
  const { value: within, parameters } = node.type;
  const boundary = parameters.get("boundary");
  if (!CONTAINERS.has(within) || node.parts === null || boundary === undefined) return [];
  return node.parts.flatMap((part, i) => {
    if (part.parts !== null) return partsBeside(part);
    // The first of related parts is the one that the others belong to (RFC 2387 §3.2).
    const beside = within === "multipart/mixed" || (within === "multipart/related" && i > 0);
    return beside ? [{ part, boundary, within }] : [];
  });
}

/** @param shown what the message's HTML shows of its parts: see {@link shownIds} */
export function isAttachment(text: string, { part, within }: Beside, shown: Shown): boolean {
  const { type, file, header } = part;
  if (!file || part.end <= header.bodyStart || ACTED_ON.test(type.value)) return false;
  const value = (name: string) => {
    const field = fieldsOf(header, name)[0];
    return field === undefined ? "" : parseParametrised(valueOf(text, field)).value;
  };
  const disposition = value("content-disposition");
  if (disposition === "inline") return false;
  // Without a word about it, programs show what they can, and what is related all the more.
  const isSaid = disposition !== "";
  if (!isSaid && (SHOWN.test(type.value) || within === "multipart/related")) return false;
  if (within === "multipart/related" && value("content-location") !== "") return false;
  const id = value("content-id").replace(/^<|>$/g, "");
  return id === "" || !shown.has(id);
}

export interface Shown {
  has(id: string): boolean;
}

/** The Content-IDs, in lower case, that the HTML refers to (RFC 2392); any, where it cannot be read. */
export function shownIds(text: string, root: Node): Shown {
  const ids = new Set<string>();
  for (const leaf of leavesOf(root)) {
    if (leaf.type.value !== "text/html" || leaf.file) continue;
    const opened = openLeaf(text, leaf, leaf === root);
    if (opened === null) return { has: () => true };
    for (const [, id] of opened.text.matchAll(/\bcid:([^"'\s()<>]+)/gi)) {
      ids.add(percentDecoded(id!.replaceAll("&amp;", "&")).toLowerCase());
    }
  }
  return ids;
}
