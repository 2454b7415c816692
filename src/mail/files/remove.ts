/** Takes files out of a message, and leaves a body in which links to them have a place. */
import { hash } from "node:crypto";
import type { LinkedFile } from "../../events/mod.ts";
import { readHeader } from "../header/fields.ts";
import { cutOf } from "../mime/cut.ts";
import { readTree } from "../mime/structure.ts";
import { applied } from "../template/edit.ts";
import { hasRoom } from "../template/rewrite.ts";
import { partsBeside } from "./attached.ts";

/**
 * The message without these files and without `others`. Where nothing is left to be read, an empty
 * body takes the place of the first file.
 *
 * @param text the stored message, in which the files were found
 * @throws {Error} when one of the files is not there
 */
export function withoutFiles(
  text: string,
  files: readonly Pick<LinkedFile, "start" | "end">[],
  others: readonly { start: number; end: number }[],
): string {
  const root = readTree(text, readHeader(text));
  const found = (root === null ? [] : partsBeside(root)).filter(({ part }) =>
    files.some(({ start, end }) => start === part.header.bodyStart && end === part.end)
  );
  if (found.length !== files.length) throw new Error("a file is not where it was in the message");
  const [first, ...more] = found.map(({ part, boundary }) => ({
    ...cutOf(text, part, boundary),
    boundary,
  }));
  const cuts = [...more, ...others].map(({ start, end }) => ({ start, end, by: "" }));
  const rest = (by: string) => applied(text, [{ ...first!, by }, ...cuts]);
  const bare = rest("");
  return hasRoom(bare) ? bare : rest(emptyBody(first!.boundary));
}

/** Both forms of nothing, as a part behind a delimiter. */
function emptyBody(outer: string): string {
  const boundary = `=_${hash("sha256", outer, "base64url").slice(0, 24)}`;
  return `--${outer}\r\nContent-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n` +
    `--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\r\n\r\n` +
    `--${boundary}\r\nContent-Type: text/html; charset=utf-8\r\n\r\n` +
    `<html><body>\r\n</body></html>\r\n--${boundary}--\r\n`;
}
