/**
 * Which hosts may use a domain in MAIL FROM (RFC 7208 §4), as far as return paths need it: macros,
 * `exists` and `ptr` match nothing here, so what passes here passes everywhere.
 */
import ipaddr from "ipaddr.js";
import type { RecordType } from "../dns/mod.ts";
import type { Ask } from "./ask.ts";

export type SpfResult =
  | "pass"
  | "fail"
  | "softfail"
  | "neutral"
  | "none"
  | "permerror"
  | "temperror";

/** RFC 7208 §4.6.4. */
const MAX_LOOKUPS = 10;
const QUALIFIERS: Record<string, SpfResult> = {
  "": "pass",
  "+": "pass",
  "-": "fail",
  "~": "softfail",
  "?": "neutral",
};
const MECHANISM =
  /^([+?~-]?)(all|include|a|mx|ip4|ip6|exists|ptr)(?:[:]([^/]*(?:[:][^/]*)*))?(?:\/(\d+))?(?:\/\/(\d+))?$/i;
const MODIFIER = /^([a-z][a-z0-9_.-]*)=(.*)$/i;

class Stop extends Error {
  constructor(readonly result: "permerror" | "temperror") {
    super(result);
  }
}

/** The SPF records of a name (RFC 7208 §4.5). */
export function spfRecords(values: readonly string[]): string[] {
  return values.filter((value) => /^v=spf1(?: |$)/i.test(value));
}

/** What SPF says of mail from `domain` that comes from the IP address `ip`. */
export async function evaluateSpf(ip: string, domain: string, ask: Ask): Promise<SpfResult> {
  const client = ipaddr.process(ip);
  let lookups = 0;

  async function values(name: string, type: RecordType): Promise<readonly string[]> {
    const found = await ask(name, type);
    if (found.kind === "unavailable") throw new Stop("temperror");
    return found.kind === "values" ? found.values : [];
  }
  function count(): void {
    if (++lookups > MAX_LOOKUPS) throw new Stop("permerror");
  }
  function within(range: string, bits: string | undefined): boolean {
    if (!ipaddr.isValid(range)) throw new Stop("permerror");
    const net = ipaddr.parse(range);
    const most = net.kind() === "ipv4" ? 32 : 128;
    return net.kind() === client.kind() && client.match(net, Math.min(Number(bits ?? most), most));
  }
  async function hostWithin(host: string, bits4?: string, bits6?: string): Promise<boolean> {
    const four = client.kind() === "ipv4";
    const addresses = await values(host, four ? "A" : "AAAA");
    return addresses.some((address) => within(address, four ? bits4 : bits6));
  }

  async function matches(
    [, , mechanism, argument, bits, bits6]: RegExpExecArray,
    current: string,
  ): Promise<boolean> {
    const target = argument || current;
    switch (mechanism!.toLowerCase()) {
      case "all":
        return true;
      case "ip4":
      case "ip6":
        return within(argument ?? "", bits);
      case "a":
        count();
        return await hostWithin(target, bits, bits6);
      case "mx": {
        count();
        for (const host of await values(target, "MX")) {
          if (await hostWithin(host, bits, bits6)) return true;
        }
        return false;
      }
      case "include": {
        count();
        const result = await check(target);
        if (result === "none" || result === "permerror") throw new Stop("permerror");
        return result === "pass";
      }
      default:
        count();
        return false;
    }
  }

  async function check(current: string): Promise<SpfResult> {
    const records = spfRecords(await values(current, "TXT"));
    if (records.length === 0) return "none";
    if (records.length > 1) return "permerror";
    let redirect: string | undefined;
    for (const term of records[0]!.split(/ +/).slice(1).filter((t) => t !== "")) {
      const mechanism = MECHANISM.exec(term);
      const modifier = MODIFIER.exec(term);
      if (mechanism === null && modifier === null) return "permerror";
      if (modifier?.[1]?.toLowerCase() === "redirect") redirect ??= modifier[2]!;
      if (mechanism !== null && !term.includes("%") && await matches(mechanism, current)) {
        return QUALIFIERS[mechanism[1]!]!;
      }
    }
    if (redirect === undefined) return "neutral";
    count();
    const result = await check(redirect);
    return result === "none" ? "permerror" : result;
  }

  try {
    return await check(domain);
  } catch (error) {
    if (error instanceof Stop) return error.result;
    throw error;
  }
}
