/**
 * The records that make a domain's mail its own: for its owner to create, once; keys change behind the
 * aliases, in the zone of the installation.
 */
import ipaddr from "ipaddr.js";
import { dkimName, dkimTarget, returnPathDomain } from "../rules/mod.ts";
import { type DkimKey, type Domain, PLATFORM } from "../settings/mod.ts";
import { organisationalDomain } from "./alignment.ts";

/** What the records depend on beside the domain; the configuration has these fields. */
export interface Installation {
  /** Our own name: keys and mail servers stand under it. */
  readonly hostname: string;
  /** Domain of return paths; the custom ones are aliases for it. */
  readonly returnDomain: string;
  /** IP addresses that mail leaves from; empty: whatever the system takes. */
  readonly sources: readonly string[];
}

/** What must stand at an alias's target, in the zone of the installation. */
export interface Target {
  readonly type: "TXT" | "MX";
  readonly value: string;
}

/** Names are lower-case A-labels without a final dot. */
export interface DnsRecord {
  readonly purpose: "return-path" | "dkim" | "dmarc";
  /** Of the key that it leads to; null for other purposes. */
  readonly selector: string | null;
  readonly name: string;
  readonly type: "CNAME" | "TXT";
  readonly value: string;
  /** Empty where `value` is no alias. */
  readonly targets: readonly Target[];
}

/** The records of a domain, in the order in which one would create them. */
export function recordsOf(domain: Domain, installation: Installation): DnsRecord[] {
  const keys = domain.keys.toSorted((a, b) => a.selector < b.selector ? -1 : 1);
  const own = keys.map((key) => dkimRecord(domain, key, installation));
  // The installation's own key and return paths need no aliases: they stand in its own zone.
  if (domain.account === PLATFORM) return [...own, dmarcRecord(domain)];
  return [returnPathRecord(domain, installation), ...own, dmarcRecord(domain)];
}

export function returnPathRecord({ domain }: Domain, installation: Installation): DnsRecord {
  return {
    purpose: "return-path",
    selector: null,
    name: returnPathDomain(domain),
    type: "CNAME",
    value: installation.returnDomain,
    targets: returnTargets(installation),
  };
}

export function dkimRecord(domain: Domain, key: DkimKey, { hostname }: Installation): DnsRecord {
  const { selector } = key;
  const value = keyRecord(key);
  const record = { purpose: "dkim" as const, selector, name: dkimName(selector, domain.domain) };
  if (domain.account === PLATFORM) return { ...record, type: "TXT", value, targets: [] };
  return {
    ...record,
    type: "CNAME",
    value: dkimTarget({ ...domain, selector }, hostname),
    targets: [{ type: "TXT", value }],
  };
}

/** Advice: asks receivers to report, and changes nothing else (RFC 7489 §6.3). */
export function dmarcRecord({ domain }: Domain): DnsRecord {
  return {
    purpose: "dmarc",
    selector: null,
    name: `_dmarc.${domain}`,
    type: "TXT",
    value: `v=DMARC1; p=none; rua=mailto:postmaster@${organisationalDomain(domain)}`,
    targets: [],
  };
}

/** The key as verifiers read it (RFC 6376 §3.6.1, RFC 8463 §4). */
export function keyRecord({ algorithm, publicKey }: DkimKey): string {
  return `v=DKIM1; k=${algorithm === "rsa-sha256" ? "rsa" : "ed25519"}; p=${publicKey}`;
}

/** Mail to return paths comes to us, and mail from them is ours (RFC 7208). */
export function returnTargets(installation: Installation): Target[] {
  const { hostname } = installation;
  const from = seenSources(installation).map((ip) => ip.includes(":") ? `ip6:${ip}` : `ip4:${ip}`);
  const who = from.length > 0 ? from.join(" ") : `a:${hostname}`;
  return [
    { type: "MX", value: `10 ${hostname}` },
    { type: "TXT", value: `v=spf1 ${who} ~all` },
  ];
}

/** Ranges that are translated to other addresses on the way out: nobody sees these. */
const TRANSLATED: readonly string[] = ["private", "carrierGradeNat", "uniqueLocal", "linkLocal"];

/** Addresses that receivers see mail come from, as far as they are known here. */
export function seenSources({ sources }: Installation): string[] {
  return sources.filter((ip) =>
    ipaddr.isValid(ip) && !TRANSLATED.includes(ipaddr.process(ip).range())
  );
}
