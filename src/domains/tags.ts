/** Reads `tag=value; tag=value` (RFC 6376 §3.2; DMARC has the same form). Null when it is not that. */
export function readTags(text: string): Map<string, string> | null {
  const tags = new Map<string, string>();
  for (const part of text.split(";")) {
    if (part.trim() === "") continue;
    const found = /^\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/s.exec(part);
    if (found === null || tags.has(found[1]!)) return null;
    tags.set(found[1]!, found[2]!);
  }
  return tags.size === 0 ? null : tags;
}
