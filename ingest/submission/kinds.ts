/** To, Cc or Bcc: the envelope compared with the header. */
import type { MessageAccepted } from "@chappe/src/events";
import { mailboxKey, parseMailbox } from "../smtp/address.ts";

/**
 * Gives each envelope recipient its kind: `to` or `cc` where the header names it there (To before
 * Cc), `bcc` where it does not. Domains are compared without case; local parts exactly, and without
 * case where nothing fits exactly, since the header is often typed by people.
 */
export function recipientKinds(
  recipients: Iterable<string>,
  header: { readonly to: readonly string[]; readonly cc: readonly string[] },
): MessageAccepted["recipients"] {
  const to = new Set(header.to.map(exactKey));
  const cc = new Set(header.cc.map(exactKey));
  const looseTo = new Set(header.to.map(looseKey));
  const looseCc = new Set(header.cc.map(looseKey));
  return Array.from(recipients, (address) => {
    const exact = exactKey(address);
    const loose = looseKey(address);
    if (to.has(exact)) return { address, kind: "to" };
    if (cc.has(exact)) return { address, kind: "cc" };
    if (looseTo.has(loose)) return { address, kind: "to" };
    return { address, kind: looseCc.has(loose) ? "cc" : "bcc" };
  });
}

function exactKey(address: string): string {
  const mailbox = parseMailbox(address);
  return mailbox === null ? address : mailboxKey(mailbox);
}

function looseKey(address: string): string {
  return exactKey(address).toLowerCase();
}
