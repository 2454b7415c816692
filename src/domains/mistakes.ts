/** What usually went wrong when an alias is not where, or not what, it should be. */
import type { RecordType } from "../dns/mod.ts";
import type { Ask } from "./ask.ts";
import type { DnsRecord } from "./records.ts";

/** Why the alias leads elsewhere, in words. Pure. */
export function aliasMistake(
  { name, value }: Pick<DnsRecord, "name" | "value">,
  found: readonly string[],
): string {
  if (found.length > 1) {
    return `${name} has ${found.length} CNAME records (${
      found.join(", ")
    }): keep one, for ${value}`;
  }
  const [alias] = found as [string];
  if (alias.trim() !== alias || /\s/.test(alias)) {
    return `${name} leads to "${alias}", with a space in it: enter ${value} without spaces`;
  }
  if (alias.startsWith(`${value}.`)) {
    return `${name} leads to ${alias}: your zone's name was added to the target. ` +
      `End the target with a dot: ${value}.`;
  }
  const unlike = unlikeParts(alias, value);
  return `${name} leads to ${alias} instead of ${value}${unlike}`;
}

/** Names of different selectors and accounts are easily taken for each other. */
function unlikeParts(alias: string, value: string): string {
  const [a, b] = [alias.split("."), value.split(".")];
  if (a.length !== b.length) return "";
  const odd = b.findIndex((label, i) => label !== a[i]);
  const same = a.slice(odd + 1).join(".") === b.slice(odd + 1).join(".");
  return same ? `: it says ${a[odd]} where ${b[odd]} belongs` : "";
}

const OTHERS: readonly RecordType[] = ["A", "AAAA", "MX", "TXT"];

/** Why there is no alias at the name, in words. Asks around for where it went. */
export async function absence(
  { name, value }: Pick<DnsRecord, "name" | "value">,
  domain: string,
  exists: boolean,
  ask: Ask,
): Promise<string> {
  const create = `create ${name} as a CNAME for ${value}`;
  const doubled = `${name}.${domain}`;
  const [alias, text, ...others] = await Promise.all([
    ask(doubled, "CNAME"),
    ask(doubled, "TXT"),
    ...(exists ? OTHERS : []).map((type) => ask(name, type)),
  ]);
  if (alias.kind === "values" || text.kind === "values") {
    return `it was created as ${doubled}, with the domain twice: your provider adds the domain by ` +
      `itself, so enter ${name.slice(0, -domain.length - 1)} as the name`;
  }
  const there = OTHERS.filter((_, i) => others[i]?.kind === "values");
  if (there.length > 0) {
    return `${name} holds other records (${there.join(", ")}), and an alias cannot stand beside ` +
      `them: remove them, then ${create}`;
  }
  return `${name} does not exist: ${create}. A new record may take as long to show as its zone ` +
    `lets others remember that there was none, mostly an hour at most`;
}
