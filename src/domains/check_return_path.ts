/** Whether mail to a domain's own return paths comes to us, and SPF lets us use them. */
import type { Domain } from "../settings/mod.ts";
import type { Ask } from "./ask.ts";
import { absence, aliasMistake } from "./mistakes.ts";
import { type DnsRecord, type Installation, seenSources } from "./records.ts";
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
  const goesTo = hosts.kind === "values" ? hosts.values : [];
  const expected = ours.kind === "values" ? ours.values : [];
  if (goesTo.length === 0 || !goesTo.every((host) => expected.includes(host))) {
    // What the domain's owner can put right comes before what the operator has to.
    if (aliases.length > 0 && !leadsToUs) return wrong(aliasMistake(record, aliases));
    if (alias.kind === "unavailable") return unavailable(name, alias.why);
    if (goesTo.length > 0) return wrong(astray(name, goesTo, returnDomain));
    if (leadsToUs) return missing(`${returnDomain} has no mail servers (MX). ${OPERATOR}`);
    return missing(await absence(record, domain, hosts.kind === "none" && hosts.exists, ask));
  }
  return await checkSpf(name, leadsToUs, installation, ask);
}

function astray(name: string, hosts: readonly string[], returnDomain: string): string {
  return `mail for ${name} goes to ${hosts.join(", ")}, and bounces would be lost: ` +
    `make it a CNAME for ${returnDomain}`;
}

async function checkSpf(
  name: string,
  leadsToUs: boolean,
  installation: Installation,
  ask: Ask,
): Promise<Verdict> {
  const { returnDomain } = installation;
  const sources = seenSources(installation);
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
