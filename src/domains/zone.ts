/** The installation's own records as lines of a zone file (RFC 1035 §5): what customers' aliases lead to. */
import { PLATFORM, type SettingsState } from "../settings/mod.ts";
import {
  dkimRecord,
  dmarcRecord,
  type Installation,
  returnTargets,
  type Target,
} from "./records.ts";

/** Seconds. Short, so that a new key is soon seen everywhere. */
const TTL = 3600;

/**
 * For all domains of all accounts. Names are absolute: the lines fit into any zone file that holds
 * CHAPPE_HOSTNAME and CHAPPE_RETURN_DOMAIN.
 */
export function zoneLines(state: SettingsState, installation: Installation): string[] {
  const { returnDomain } = installation;
  const lines = [
    "; return paths",
    ...returnTargets(installation).map((target) => line(returnDomain, target)),
  ];
  for (const [account, domains] of [...state.domains].sort(([a], [b]) => a < b ? -1 : 1)) {
    for (const domain of domains.values()) {
      if (domain.keys.length === 0) continue;
      lines.push(`; ${account}: ${domain.domain}`);
      for (const key of domain.keys) {
        const { name, type, value, targets } = dkimRecord(domain, key, installation);
        if (type === "TXT") lines.push(line(name, { type, value }));
        // An alias's value is the name that its targets stand at.
        for (const target of targets) lines.push(line(value, target));
      }
      if (account === PLATFORM) {
        const { name, value } = dmarcRecord(domain);
        lines.push(line(name, { type: "TXT", value }));
      }
    }
  }
  return lines;
}

function line(name: string, { type, value }: Target): string {
  const data = type === "MX" ? `${value}.` : quoted(value);
  return `${name}. ${TTL} IN ${type} ${data}`;
}

/** A string of a TXT record holds 255 octets at most; readers join them. */
function quoted(text: string): string {
  return (text.match(/.{1,255}/gs) ?? [""])
    .map((part) => `"${part.replaceAll(/["\\]/g, "\\$&")}"`)
    .join(" ");
}
