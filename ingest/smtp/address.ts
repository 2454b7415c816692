/** Mailboxes of the envelope (RFC 5321 §4.1.2, with UTF-8 as RFC 6531 §3.3 allows). */
import { domainToASCII } from "node:url";

export interface Mailbox {
  readonly local: string;
  /** As A-labels (RFC 5890 §2.3.2.1), otherwise as given; or an address literal. */
  readonly domain: string;
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u{80}-\\u{10ffff}-]+";
const DOT_STRING = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, "u");
const QUOTED_STRING = /^"(?:[ !#-[\]-~\u{80}-\u{10ffff}]|\\[ -~])*"$/u;
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const LITERAL = /^\[[\x21-\x5a\x5e-\x7e]+\]$/;

const LOCAL_MAX = 64;
const DOMAIN_MAX = 255;
/** A path of 256 octets, its angle brackets apart (RFC 5321 §4.5.3.1). */
const MAILBOX_MAX = 254;

/** Reads `local@domain`. `null` where it is not one, or longer than the RFC's limits. */
export function parseMailbox(text: string): Mailbox | null {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(at, 0));
  const given = text.slice(at + 1);
  // smtp-server turns A-labels into Unicode; DNS and other servers need them back.
  const domain = isAscii(given) ? given : domainToASCII(given);
  if (!DOT_STRING.test(local) && !QUOTED_STRING.test(local)) return null;
  if (!DOMAIN.test(domain) && !LITERAL.test(domain)) return null;
  if (octets(local) > LOCAL_MAX || domain.length > DOMAIN_MAX) return null;
  return octets(local) + 1 + domain.length > MAILBOX_MAX ? null : { local, domain };
}

export function formatMailbox({ local, domain }: Mailbox): string {
  return `${local}@${domain}`;
}

/** Equal for two spellings of one mailbox: domains know no case, local parts do (RFC 5321 §2.4). */
export function mailboxKey({ local, domain }: Mailbox): string {
  return `${local}@${domain.toLowerCase()}`;
}

export function isAscii(text: string): boolean {
  // deno-lint-ignore no-control-regex -- all of ASCII is meant
  return !/[^\x00-\x7f]/.test(text);
}

const encoder = new TextEncoder();
function octets(text: string): number {
  return isAscii(text) ? text.length : encoder.encode(text).length;
}
