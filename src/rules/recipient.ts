/** Who a recipient is, whatever the spelling, and a tag that stands for them where no address may. */
import { mac } from "./hmac.ts";

const utf8 = new TextEncoder();

/**
 * The address by which a recipient is known to lists: all in lower case, the domain in A-labels. By
 * RFC 5321 §2.4 a local part may depend on case; no server of note makes use of it, and a list
 * that did would miss people.
 */
export function recipientKey(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1).toLowerCase();
  return `${address.slice(0, at).toLowerCase()}@${asciiDomain(domain)}`;
}

/** Lower-case A-labels; as it stands where it is no domain name. */
function asciiDomain(domain: string): string {
  if (/^[ -~]*$/.test(domain)) return domain;
  return URL.parse(`http://${domain}`)?.hostname ?? domain;
}

/**
 * 64 bits that stand for a recipient of an account: they tell nobody the address, and different
 * accounts have different ones for the same person.
 *
 * @param secret the platform's, the same for ever (settings: `recipientSecret`)
 */
export function recipientTag(secret: Uint8Array, account: string, address: string): bigint {
  const code = mac(secret, utf8.encode(`recipient\0${account}\0${recipientKey(address)}`), 8);
  return new DataView(code.buffer, code.byteOffset).getBigUint64(0);
}

/** As events write it: 16 hex digits. */
export function formatTag(tag: bigint): string {
  return tag.toString(16).padStart(16, "0");
}
