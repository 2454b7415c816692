/** Decides from which suites of the machine's own distribution a newer nats-server may be had. */
import type { AptSource } from "./apt_sources.ts";

/** os-release(5): `NAME=value`, perhaps quoted. */
export function parseOsRelease(text: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)) {
    fields[name!] = value!.trim().replace(/^(["'])(.*)\1$/, "$2");
  }
  return fields;
}

/** A suite to try: the text of a deb822 source file, and a name for people. */
export interface AptCandidate {
  readonly name: string;
  readonly source: string;
}

const DEBIAN_ALIASES = ["oldstable", "stable", "testing", "unstable", "sid"];

/**
 * Debian's newest packages stand in `sid`; Ubuntu's in `devel` and then in its named series, newest
 * first. `series` are the names known to the machine, oldest first (distro-info's list). Empty when
 * the machine is neither, or none of its sources is the distribution's own archive.
 */
export function aptCandidates(
  os: Record<string, string>,
  sources: readonly AptSource[],
  series: readonly string[],
): AptCandidate[] {
  const family = [os.ID, ...(os.ID_LIKE ?? "").split(" ")];
  if (family.includes("ubuntu")) {
    const own = os.UBUNTU_CODENAME ?? os.VERSION_CODENAME ?? "";
    const base = archive(sources, [own, "devel"]);
    const suites = ["devel", ...[...series].reverse()];
    return base === null ? [] : suites.map((s) => candidate("Ubuntu", s, "main universe", base));
  }
  if (family.includes("debian")) {
    const own = os.DEBIAN_CODENAME ?? os.VERSION_CODENAME ?? "";
    const base = archive(sources, [own, ...DEBIAN_ALIASES]);
    return base === null ? [] : [candidate("Debian", "sid", "main", base)];
  }
  return [];
}

/** The source that holds the distribution itself, rather than its updates or somebody's extras. */
function archive(sources: readonly AptSource[], suites: readonly string[]): AptSource | null {
  return sources.find((source) =>
    source.components.includes("main") &&
    source.uris.some((uri) => !uri.startsWith("cdrom:")) &&
    source.suites.some((suite) => suites.includes(suite))
  ) ?? null;
}

function candidate(
  distribution: string,
  suite: string,
  components: string,
  base: AptSource,
): AptCandidate {
  const lines = [
    "Types: deb",
    `URIs: ${base.uris.filter((uri) => !uri.startsWith("cdrom:")).join(" ")}`,
    `Suites: ${suite}`,
    `Components: ${components}`,
  ];
  if (base.signedBy !== null) lines.push(`Signed-By: ${base.signedBy}`);
  if (base.trusted) lines.push("Trusted: yes");
  return { name: `${distribution} (${suite})`, source: lines.join("\n") + "\n" };
}
