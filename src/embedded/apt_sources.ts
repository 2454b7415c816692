/** Reads what a Debian or Ubuntu machine says of where its packages come from (sources.list(5)). */

export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Path of a keyring or a whole armoured key; null: the system's trusted keys. */
  readonly signedBy: string | null;
  /** `trusted=yes`: taken without a signature, as the machine itself does. */
  readonly trusted: boolean;
}

/** One-line format: `deb [option=value …] uri suite component …`. Lines it cannot read are skipped. */
export function parseOneLine(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const line of text.split("\n")) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)/.exec(line);
    if (match === null) continue;
    const [, bracket = "", uri, suite, components] = match;
    const options = new Map(
      bracket.trim().split(/\s+/).map((o) => [o.split("=")[0]!, o.slice(o.indexOf("=") + 1)]),
    );
    sources.push({
      uris: [uri!],
      suites: [suite!],
      components: words(components!),
      signedBy: options.get("signed-by") ?? null,
      trusted: options.get("trusted") === "yes",
    });
  }
  return sources;
}

/** Deb822 format: stanzas of `Field: value`, continued by lines that begin with a space. */
export function parseDeb822(text: string): AptSource[] {
  const uncommented = text.split("\n").filter((line) => !line.startsWith("#")).join("\n");
  const sources: AptSource[] = [];
  for (const stanza of uncommented.split(/\n\s*\n/)) {
    const fields = new Map<string, string>();
    for (const [, name, value] of stanza.matchAll(/^([A-Za-z0-9-]+):((?:.*)(?:\n[ \t].*)*)/gm)) {
      fields.set(name!.toLowerCase(), value!.trim());
    }
    const list = (name: string) => words(fields.get(name) ?? "");
    if (!list("types").includes("deb") || isNo(fields.get("enabled"))) continue;
    sources.push({
      uris: list("uris"),
      suites: list("suites"),
      components: list("components"),
      signedBy: fields.get("signed-by") ?? null,
      trusted: fields.get("trusted") === "yes",
    });
  }
  return sources;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function isNo(value: string | undefined): boolean {
  return value !== undefined && /^(no|false|0)$/i.test(value);
}
