/**
 * What DMARC (RFC 7489) will say of a copy as it leaves. Pure, but no room of the edge's: the list of
 * public suffixes takes 15 MB.
 */
import { getDomain } from "tldts";
import type { Authentication } from "../events/mod.ts";

/**
 * How a copy is authenticated, with relaxed alignment (RFC 7489 §3.1). Domains are A-labels.
 *
 * @param from domain of the From field
 * @param dkim `d=` of each signature; all are taken to verify
 * @param spf domain of MAIL FROM, and whether SPF passes for it; null for the null reverse-path, where
 * SPF speaks of the HELO name, which is ours
 */
export function authenticationOf(
  { from, dkim, spf }: {
    from: string;
    dkim: readonly string[];
    spf: { readonly domain: string; readonly verified: boolean } | null;
  },
): Authentication {
  const organisation = organisationalDomain(from);
  const aligns = (domain: string) => organisationalDomain(domain) === organisation;
  const aligned = {
    dkim: dkim.some(aligns),
    spf: spf !== null && spf.verified && aligns(spf.domain),
  };
  return {
    dkim: [...dkim],
    spf: spf?.domain ?? null,
    aligned,
    dmarc: aligned.dkim || aligned.spf ? "pass" : "fail",
  };
}

/**
 * The label below the public suffix, and the suffix (RFC 7489 §3.2): `mail.shop.co.uk` →
 * `shop.co.uk`. Suffixes under which anybody gets a name (`github.io`) are public here too: their
 * names belong to many. A name that is a suffix itself stands for itself.
 */
export function organisationalDomain(domain: string): string {
  const lower = domain.replace(/\.$/, "").toLowerCase();
  return getDomain(lower, { allowPrivateDomains: true }) ?? lower;
}
