/** Names as settings keep them: addresses and domains in one spelling, or refused in words. */
import { domainToASCII } from "node:url";
import { RefusedError } from "./refused.ts";

/** Labels of letters, digits and hyphens (RFC 1123 §2.1), two at the least, the last one no number. */
const DOMAIN =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** A dot-string (RFC 5321 §4.1.2, RFC 6531 §3.3): a quoted local part is nobody's real address. */
const LOCAL_PART = /^(?=.{1,64}$)[^\s"(),.:;<>@[\\\]\p{Cc}]+(\.[^\s"(),.:;<>@[\\\]\p{Cc}]+)*$/u;

/** Lower-case A-labels. @throws {RefusedError} */
export function normaliseDomain(text: string): string {
  const domain = domainToASCII(text.trim().replace(/\.$/, "")).toLowerCase();
  if (!DOMAIN.test(domain)) {
    throw new RefusedError("invalid", `"${text}" is not a domain: write it as example.com`);
  }
  return domain;
}

/** Lower case, the domain in A-labels. @throws {RefusedError} */
export function normaliseAddress(text: string): string {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf("@");
  const local = trimmed.slice(0, Math.max(at, 0)).toLowerCase();
  if (!LOCAL_PART.test(local)) {
    throw new RefusedError("invalid", `"${text}" is not an address: write it as name@example.com`);
  }
  return `${local}@${normaliseDomain(trimmed.slice(at + 1))}`;
}
