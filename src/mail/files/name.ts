/** Names of attached files, made fit for any file system and any header. */
import { readableParameter } from "../header/parameters.ts";

/** Characters of a name; of what stands behind its last dot. */
const LONGEST = 100;
const LONGEST_ENDING = 16;
const NAMELESS = "document";

/**
 * The file's name as the part gives it, made clean.
 *
 * @param disposition unfolded value of Content-Disposition, as byte text; empty for none
 * @param type the same of Content-Type
 */
export function fileNameOf(disposition: string, type: string): string {
  return cleanFileName(
    readableParameter(disposition, "filename") ?? readableParameter(type, "name") ?? "",
  );
}

/**
 * The last piece of a path, without what controls terminals, headers or the direction of writing, and
 * without characters that some system gives a meaning to. Never empty.
 */
export function cleanFileName(given: string): string {
  const name = given.toWellFormed().normalize("NFC")
    .replace(/^.*[/\\]/su, "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\p{Cf}\p{Co}\p{Cn}\ufffd]+/gu, "")
    .replace(/["*:<>?|]/g, "_")
    .replace(/\s+/gu, " ")
    .replace(/^[ .]+|[ .]+$/g, "");
  return shortened(name) || NAMELESS;
}

function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= LONGEST) return name;
  const dot = characters.lastIndexOf(".");
  const ending = dot > 0 && characters.length - dot <= LONGEST_ENDING ? characters.slice(dot) : [];
  return [...characters.slice(0, LONGEST - ending.length), ...ending].join("");
}

/** The same names, each only once, in any case of letters: `a.pdf`, `a (2).pdf`. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const dot = name.lastIndexOf(".");
    const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
    let other = name;
    for (let n = 2; taken.has(other.toLowerCase()); n++) other = `${stem} (${n})${ending}`;
    taken.add(other.toLowerCase());
    return other;
  });
}
