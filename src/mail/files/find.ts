/** The files of a message that may stand behind links: found when it is taken in. */
import type { LinkedFile } from "../../events/mod.ts";
import { toText } from "../bytes.ts";
import { fieldsOf, readHeader, valueOf } from "../header/fields.ts";
import { hasLongLine } from "../lines.ts";
import { type Node, readTree } from "../mime/structure.ts";
import { findOptionsParts } from "../options_part.ts";
import { hasRoom } from "../template/rewrite.ts";
import { isArmoured } from "../template/sealed.ts";
import { type Beside, isAttachment, partsBeside, shownIds } from "./attached.ts";
import { decodeFileText } from "./decode.ts";
import { distinctNames, fileNameOf } from "./name.ts";
import { withoutFiles } from "./remove.ts";

/** Files of one message behind links; further ones stay attached. */
export const MAX_FILES = 100;

/**
 * The files in order; none where the message must not be changed, or has no place for the links.
 *
 * @param raw with whole line ends, as it is stored
 * @param optionsName of the sender's options, whose own file is none
 */
export function findFiles(raw: Uint8Array, optionsName: string): LinkedFile[] {
  const text = toText(raw);
  const root = isArmoured(text) ? null : readTree(text, readHeader(text));
  if (root === null || !isSound(root)) return [];
  const options = findOptionsParts(text, root.header, optionsName).parts;
  const shown = shownIds(text, root);
  const found = partsBeside(root)
    .filter(({ part }) => !options.some(({ start, end }) => start <= part.end && part.end <= end))
    .filter((beside) => isAttachment(text, beside, shown))
    .flatMap((beside) => describe(text, beside) ?? [])
    .slice(0, MAX_FILES);
  if (found.length === 0) return [];
  const names = distinctNames(found.map(({ name }) => name));
  const files = found.map((file, i) => ({ ...file, name: names[i]! }));
  const rest = withoutFiles(text, files, options);
  return hasRoom(rest) ? files : [];
}

function isSound({ sound, parts }: Node): boolean {
  return sound && (parts ?? []).every(isSound);
}

/** Null where the encoding is broken: then only the part as it stands is what the sender attached. */
function describe(text: string, { part }: Beside): LinkedFile | null {
  const { header, end, type: { value: type } } = part;
  const start = header.bodyStart;
  const body = text.slice(start, end);
  const encoding = encodingOf(part);
  const size = encoding === null ? null : sizeOf(body, encoding);
  if (encoding === null || size === null) return null;
  const value = (name: string) => {
    const field = fieldsOf(header, name)[0];
    return field === undefined ? "" : valueOf(text, field);
  };
  const name = fileNameOf(value("content-disposition"), value("content-type"));
  return { name, type, size, start, end, encoding };
}

function encodingOf({ encoding }: Node): LinkedFile["encoding"] | null {
  switch (encoding) {
    case "7bit":
    case "8bit":
    case "binary":
      return "identity";
    case "quoted-printable":
    case "base64":
      return encoding;
    default:
      return null;
  }
}

/** Null when it cannot be decoded, or not piece by piece. */
function sizeOf(body: string, encoding: LinkedFile["encoding"]): number | null {
  if (encoding === "identity") return body.length;
  if (encoding === "quoted-printable" && hasLongLine(body)) return null;
  try {
    return decodeFileText(body, encoding).length;
  } catch {
    return null;
  }
}
