/** To, Cc or Bcc: the envelope compared with the header. */
import { FIELD_LIMITS, type MessageAccepted, type RecipientKind } from "@chappe/src/events";
import { mailboxKey, parseMailbox } from "../smtp/address.ts";
import type { Addressee } from "../smtp/transaction.ts";

/** What a header says of recipients (mail/inspect). */
interface Named {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Gives each envelope recipient its kind: `to` or `cc` where the header names it there (To before
 * Cc), `bcc` where it does not. Domains are compared without case; local parts exactly, and without
 * case where nothing fits exactly, since the header is often typed by people. Who has no name yet has
 * the one that stands there.
 */
export function recipientKinds(
  recipients: Iterable<Addressee>,
  { to, cc, names }: Named,
): MessageAccepted["recipients"] {
  const places = [exactKey, looseKey].flatMap((keyOf) => [
    { kind: "to" as const, keyOf, written: byKey(to, keyOf) },
    { kind: "cc" as const, keyOf, written: byKey(cc, keyOf) },
  ]);
  return Array.from(recipients, (addressee) => {
    for (const { kind, keyOf, written } of places) {
      const address = written.get(keyOf(addressee.address));
      if (address !== undefined) return recipientOf(addressee, kind, names.get(address));
    }
    return recipientOf(addressee, "bcc");
  });
}

function recipientOf(
  { name: own, ...addressee }: Addressee,
  kind: RecipientKind,
  inHeader?: string,
): MessageAccepted["recipients"][number] {
  // A cut must not leave half a character.
  const name = (own ?? inHeader ?? "").slice(0, FIELD_LIMITS.text).toWellFormed();
  return name === "" ? { ...addressee, kind } : { ...addressee, kind, name };
}

function byKey(addresses: readonly string[], keyOf: (address: string) => string) {
  return new Map(addresses.map((address) => [keyOf(address), address]));
}

function exactKey(address: string): string {
  const mailbox = parseMailbox(address);
  return mailbox === null ? address : mailboxKey(mailbox);
}

function looseKey(address: string): string {
  return exactKey(address).toLowerCase();
}
