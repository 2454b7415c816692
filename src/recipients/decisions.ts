/** What an operator or a program asks for, as events to append. */
import {
  event,
  type EventData,
  type NewEvent,
  type SuppressionReason,
  uuidv7,
} from "../events/mod.ts";
import { formatTag, recipientKey, recipientTag } from "../rules/mod.ts";
import { normaliseAddress, RefusedError } from "../settings/mod.ts";

/** On whose behalf, who, and when. */
export interface Order {
  account: string;
  /** Written into the envelope: `user:<e-mail>`, `api-key:<key>`, `operator`. */
  by: string;
  /** ms UTC. */
  at: number;
}

export interface SuppressionEntry {
  recipient: string;
  reason: SuppressionReason;
  /** Where it comes from: `api`, a file's name. */
  source: string;
  /** Words of whoever adds it, at most 500 characters. */
  note?: string;
}

/** @throws {RefusedError} when the recipient is no address. @throws {InvalidEventError} */
export function addSuppression(
  order: Order,
  { recipient, ...data }: SuppressionEntry,
): NewEvent<"suppression.added"> {
  return event("suppression.added", envelope(order, normaliseAddress(recipient)), data);
}

/** @throws {RefusedError} when the recipient can be no address. */
export function removeSuppression(
  order: Order,
  recipient: string,
): NewEvent<"suppression.removed"> {
  return event("suppression.removed", envelope(order, keyOf(recipient)), { by: order.by });
}

/** `secret`: behind the tags (settings: `recipientSecret`). */
export interface ConsentOrder extends Order {
  secret: Uint8Array;
  source: EventData<"consent.withdrawn">["source"];
}

/** @throws {RefusedError} when the recipient can be no address. */
export function withdrawConsent(
  order: ConsentOrder,
  recipient: string,
): NewEvent<"consent.withdrawn"> {
  const key = keyOf(recipient);
  return event("consent.withdrawn", envelope(order, key), choice(order, key));
}

/** @throws {RefusedError} when the recipient can be no address. */
export function giveConsent(order: ConsentOrder, recipient: string): NewEvent<"consent.given"> {
  const key = keyOf(recipient);
  return event("consent.given", envelope(order, key), choice(order, key));
}

function envelope({ account, by, at }: Order, recipient: string) {
  return { id: uuidv7(at), account, at, recipient, by };
}

function choice({ secret, account, source }: ConsentOrder, recipient: string) {
  return { tag: formatTag(recipientTag(secret, account, recipient)), source };
}

/** Takes odd forms too: whatever mail went to can stand on a list, and must come off it again. */
function keyOf(recipient: string): string {
  const text = recipient.trim();
  if (!/^.+@[^@]+$/.test(text)) {
    throw new RefusedError("invalid", `"${text}" is not an address: write it as name@example.com`);
  }
  return recipientKey(text);
}
