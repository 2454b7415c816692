/** Whether verifiers find the key we sign with. */
import type { DkimKey } from "../settings/mod.ts";
import type { Ask } from "./ask.ts";
import { keyMistake } from "./key_record.ts";
import { absence, aliasMistake } from "./mistakes.ts";
import type { DnsRecord } from "./records.ts";
import { missing, ok, unavailable, type Verdict, wrong } from "./verdict.ts";

/** The key may also stand at the name itself, without an alias. */
export async function checkDkim(record: DnsRecord, key: DkimKey, ask: Ask): Promise<Verdict> {
  const { name, value } = record;
  const [alias, keys] = await Promise.all([ask(name, "CNAME"), ask(name, "TXT")]);
  if (keys.kind === "unavailable") return unavailable(name, keys.why);
  const aliases = alias.kind === "values" ? alias.values : [];
  const leadsToUs = aliases.length === 1 && aliases[0] === value && record.type === "CNAME";

  if (keys.kind === "values") {
    const mistake = keyMistake(keys.values, key);
    if (mistake === null) return ok(praise(record, aliases, leadsToUs));
    if (leadsToUs) {
      return wrong(
        `the alias is right, but at ${value} ${mistake}. The operator of the ` +
          `installation puts this right, in its own zone`,
      );
    }
    return wrong(aliases.length > 0 ? aliasMistake(record, aliases) : `at ${name} ${mistake}`);
  }
  if (leadsToUs) {
    return missing(
      `the alias is right, but ${value} holds no key yet. The operator of the ` +
        `installation puts it there, in its own zone`,
    );
  }
  if (aliases.length > 0) return wrong(aliasMistake(record, aliases));
  if (alias.kind === "unavailable") return unavailable(name, alias.why);
  if (record.type === "TXT") {
    return missing(`${name} holds no key: publish it as a TXT record`);
  }
  return missing(await absence(record, key.domain, keys.exists, ask));
}

function praise({ name, type }: DnsRecord, aliases: readonly string[], leadsToUs: boolean): string {
  if (leadsToUs) return "leads to the key we sign with";
  if (type === "TXT") return "holds the key we sign with";
  return aliases.length > 0
    ? `leads to the key we sign with, by way of ${aliases.join(", ")}`
    : `${name} holds the key itself. It counts; but when the key is changed, the record must be too`;
}
