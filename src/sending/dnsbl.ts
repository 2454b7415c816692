/** DNS block lists (RFC 5782): what to ask about an address, and what answers mean. */
import ipaddr from "ipaddr.js";

export interface DnsblList {
  /** Its zone, e.g. `zen.spamhaus.org`. */
  readonly zone: string;
  /** Whether it knows IPv6 addresses. */
  readonly ipv6: boolean;
  /** A record → what it stands for; others in 127.0.0.0/8 count as listed without a name. */
  readonly meanings: Readonly<Record<string, string>>;
  /** Where to read of it, and to ask for removal. */
  readonly page: string;
}

export type DnsblResult =
  | { readonly kind: "listed"; readonly meanings: readonly string[] }
  | { readonly kind: "not-listed" }
  /** The list would not say: asked too often, or through a resolver that it does not serve. */
  | { readonly kind: "no-answer"; readonly reason: string };

/** The name to ask for (A records); null where the list knows no such addresses. @throws on no address */
export function dnsblName(ip: string, { zone, ipv6 }: DnsblList): string | null {
  const address = ipaddr.process(ip);
  if (address instanceof ipaddr.IPv4) {
    return `${address.octets.toReversed().join(".")}.${zone}`;
  }
  if (!ipv6) return null;
  const nibbles = [...(address as ipaddr.IPv6).toByteArray()]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return `${[...nibbles].reverse().join(".")}.${zone}`;
}

/** Return codes about the question itself (Spamhaus, whose ways others follow). */
const REFUSALS: Readonly<Record<string, string>> = {
  "127.255.255.252": "the name asked for is not one of the list's",
  "127.255.255.254": "asked through a public resolver, which the list does not serve",
  "127.255.255.255": "asked too often",
};

/** @param answers A records of the name; none when there is no such name or record */
export function readDnsbl(answers: readonly string[], { meanings }: DnsblList): DnsblResult {
  const refusal = answers.find((answer) => answer.startsWith("127.255.255."));
  if (refusal !== undefined) {
    return { kind: "no-answer", reason: REFUSALS[refusal] ?? `error code ${refusal}` };
  }
  // RFC 5782 §2.1: a list answers from 127.0.0.0/8; anything else is somebody else's wildcard.
  const stray = answers.find((answer) => !answer.startsWith("127."));
  if (stray !== undefined) {
    return { kind: "no-answer", reason: `${stray} is no answer of a block list` };
  }
  // 127.0.0.1 must not be listed: lists that are switched off answer it for every address (§5).
  const listed = answers.filter((answer) => answer !== "127.0.0.1");
  if (listed.length === 0) return { kind: "not-listed" };
  return { kind: "listed", meanings: listed.map((answer) => meanings[answer] ?? answer) };
}
