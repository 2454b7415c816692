/** Whether mail to a domain's own return paths comes to us, and SPF lets us use them. */
import type { Domain } from "../settings/mod.ts";
import type { Ask } from "./ask.ts";
import { absence, aliasMistake } from "./mistakes.ts";
import type { DnsRecord, Installation } from "./records.ts";
import { evaluateSpf, spfRecords } from "./spf.ts";
import { missing, ok, unavailable, type Verdict, wrong } from "./verdict.ts";

const OPERATOR = "The operator of the installation puts this right, in its own zone";

/** An alias for our return domain, or mail servers and SPF record like ours at the name itself. */
export async function checkReturnPath(
  record: DnsRecord,
  { domain }: Domain,
  installation: Installation,
  ask: Ask,
): Promise<Verdict> {
  const { name } = record;
  const { returnDomain } = installation;
  const [alias, hosts, ours] = await Promise.all([
    ask(name, "CNAME"),
    ask(name, "MX"),
    ask(returnDomain, "MX"),
  ]);
  if (ours.kind === "unavailable") return unavailable(returnDomain, ours.why);
  if (hosts.kind === "unavailable") return unavailable(name, hosts.why);
  const aliases = alias.kind === "values" ? alias.values : [];
  const leadsToUs = aliases.length === 1 && aliases[0] === returnDomain;
  if (ours.kind === "none") {
    return missing(`${returnDomain} has no mail servers (MX). ${OPERATOR}`);
  }
  if (hosts.kind === "none" || !hosts.values.every((host) => ours.values.includes(host))) {
    if (aliases.length > 0 && !leadsToUs) return wrong(aliasMistake(record, aliases));
    if (alias.kind === "unavailable") return unavailable(name, alias.why);
    if (hosts.kind === "none") return missing(await absence(record, domain, hosts.exists, ask));
    return wrong(
      `mail for ${name} goes to ${hosts.values.join(", ")}, not to ${ours.values.join(", ")}: ` +
        `bounces would be lost. Make it a CNAME for ${returnDomain}`,
    );
  }
  return await checkSpf(name, leadsToUs, installation, ask);
}

async function checkSpf(
  name: string,
  leadsToUs: boolean,
  { returnDomain, sources }: Installation,
  ask: Ask,
): Promise<Verdict> {
  const found = await ask(name, "TXT");
  if (found.kind === "unavailable") return unavailable(name, found.why);
  const records = found.kind === "values" ? spfRecords(found.values) : [];
  const remedy = leadsToUs ? OPERATOR : `Make ${name} a CNAME for ${returnDomain}`;
  const where = leadsToUs ? returnDomain : name;
  if (records.length === 0) return missing(`SPF: none. ${where} has no SPF record. ${remedy}`);
  if (records.length > 1) {
    return wrong(`SPF: permerror. ${where} has ${records.length} SPF records. ${remedy}`);
  }
  if (sources.length === 0 && !leadsToUs && !includes(records[0]!, returnDomain)) {
    return wrong(`SPF: the record of ${name} does not include:${returnDomain}. ${remedy}`);
  }
  for (const ip of sources) {
    const result = await evaluateSpf(ip, name, ask);
    if (result === "temperror") return unavailable(name, `its SPF record cannot be followed`);
    if (result !== "pass") {
      return wrong(`SPF: ${result} for ${ip}, which mail leaves from. ${remedy}`);
    }
  }
  const spf = sources.length > 0 ? "SPF: pass" : "an SPF record is there";
  return ok(`leads to our mail servers; ${spf}`);
}

function includes(record: string, domain: string): boolean {
  return record.toLowerCase().split(/ +/)
    .some((term) =>
      /^\+?include:/.test(term) ? term.endsWith(`:${domain}`) : term === `redirect=${domain}`
    );
}
