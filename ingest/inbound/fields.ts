/** Groups of fields as machine-readable reports hold them (RFC 3464 §2.1, RFC 5965 §3). */

/** Fields by name in lower case; the first one of a name counts. */
export type Fields = ReadonlyMap<string, string>;

/** A report on more recipients is about none of our mail: a copy has one. */
const MAX_GROUPS = 100;

/** Reads groups separated by empty lines. Lines that are no fields are passed over. */
export function readGroups(text: string): Fields[] {
  const unfolded = text.replaceAll("\r\n", "\n").replace(/\n[ \t]+(?=\S)/g, " ");
  const groups: Fields[] = [];
  for (const block of unfolded.split(/\n[ \t]*\n/, MAX_GROUPS)) {
    const fields = new Map<string, string>();
    for (const line of block.split("\n")) {
      const colon = line.indexOf(":");
      const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
      if (/^[!-9;-~]+$/.test(name) && !fields.has(name)) {
        fields.set(name, line.slice(colon + 1).trim());
      }
    }
    if (fields.size > 0) groups.push(fields);
  }
  return groups;
}

/** The value behind the type: `user@host` of `rfc822; user@host` (RFC 3464 §2.1.2). */
export function typed(value: string | undefined): string {
  if (value === undefined) return "";
  return value.slice(value.indexOf(";") + 1).trim();
}

/** One line that can be shown and stored: no control characters, no runs of white space. */
export function oneLine(text: string, longest: number): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim().slice(0, longest).toWellFormed();
}
