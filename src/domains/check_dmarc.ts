/** What the domain asks receivers to do with mail that is not authenticated (RFC 7489 §6). Advice only. */
import { organisationalDomain } from "./alignment.ts";
import type { Ask } from "./ask.ts";
import type { DnsRecord } from "./records.ts";
import { readTags } from "./tags.ts";
import { advice, ok, unavailable, type Verdict } from "./verdict.ts";

/** The record of the domain, or else of the domain it belongs to (RFC 7489 §6.6.3). */
export async function checkDmarc(record: DnsRecord, domain: string, ask: Ask): Promise<Verdict> {
  const organisation = organisationalDomain(domain);
  for (const name of new Set([record.name, `_dmarc.${organisation}`])) {
    const found = await ask(name, "TXT");
    if (found.kind === "unavailable") return unavailable(name, found.why);
    const values = found.kind === "values" ? found.values : [];
    const policies = values.filter((value) => /^v\s*=\s*DMARC1\s*(;|$)/.test(value));
    if (policies.length === 1) return judge(name, policies[0]!, name !== record.name);
    if (policies.length > 1) {
      return advice(`${name} has ${policies.length} DMARC records, and so none counts: keep one`);
    }
    if (values.length > 0 && name === record.name) {
      return advice(
        `${name} holds "${values[0]}", which is no DMARC record: ` +
          `it must begin with v=DMARC1;`,
      );
    }
  }
  return advice(
    `${domain} has no DMARC record. Some large receivers want one of everybody who ` +
      `sends much: create ${record.name}. p=none changes nothing for your mail`,
  );
}

function judge(name: string, policy: string, inherited: boolean): Verdict {
  const tags = readTags(policy);
  const asked = tags?.get("p");
  if (tags === null || asked === undefined || !/^(none|quarantine|reject)$/i.test(asked)) {
    return advice(`${name} cannot be read: p= must be none, quarantine or reject`);
  }
  const p = inherited ? tags.get("sp") ?? asked : asked;
  if (tags.get("adkim") === "s" && inherited) {
    return advice(
      `${name} says adkim=s: signatures must be of exactly the From domain. ` +
        `Add and verify each subdomain that you send from`,
    );
  }
  if (tags.get("aspf") === "s") {
    return advice(
      `${name} says aspf=s, so a return path on a subdomain does not count: ` +
        `DMARC passes by DKIM alone. Leave aspf out to have both`,
    );
  }
  if (/^none$/i.test(p) && !tags.has("rua")) {
    return advice(
      `${name} says p=none and has no rua=: nothing is asked and nobody hears of ` +
        `anything. Add rua=mailto:… to get reports`,
    );
  }
  return ok(`${name} says p=${p.toLowerCase()}`);
}
