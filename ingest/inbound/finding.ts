/** What a message from the world tells of one copy, and the events that say so. */
import {
  type Bounced,
  type Complained,
  derivedId,
  type Event,
  event,
  type NewEvent,
  type Unsubscribed,
} from "@chappe/src/events";
import { type CopyAddress, suppressionOf } from "@chappe/src/rules";
import { domainOf, provider } from "../routing/mod.ts";

export type Copy = Pick<CopyAddress, "account" | "message" | "rcpt">;

export type Told =
  | { readonly type: "delivery.bounced"; readonly data: Bounced }
  | { readonly type: "feedback.complained"; readonly data: Complained }
  | { readonly type: "feedback.unsubscribed"; readonly data: Unsubscribed };

export interface Finding {
  /** Of the event that records it. */
  readonly id: string;
  readonly copy: Copy;
  readonly told: Told;
}

/**
 * The id depends on the copy and the kind of finding only: the same report sent again, or two servers
 * that report the same, are one fact; so is an unsubscription by mail and by the edge.
 */
export function finding(copy: Copy, told: Told): Finding {
  return { id: derivedId(kindOf(told), copy.message, copy.rcpt), copy, told };
}

/** A failure of the moment is another fact than the final one that may follow it. */
function kindOf(told: Told): string {
  if (told.type !== "delivery.bounced") return told.type;
  return told.data.kind === "soft" ? "delivery.bounced async soft" : "delivery.bounced async";
}

/**
 * The fact, and before it what it means for the account's list: a fact in the log has done its work.
 * Without the message (`accepted` null) nobody knows whose address it is, and the list stays as it is.
 */
export function eventsOf(
  { id, copy, told }: Finding,
  accepted: Event<"message.accepted"> | null,
  at: number,
): NewEvent[] {
  const { account, message, rcpt } = copy;
  const recipient = accepted?.data.recipients[rcpt]?.address;
  const envelope = {
    id,
    account,
    at,
    message,
    rcpt,
    ...recipient === undefined ? {} : { recipient },
    ...accepted?.campaign === undefined ? {} : { campaign: accepted.campaign },
  };
  const fact = told.type === "delivery.bounced"
    ? event(told.type, envelope, placed(told.data, recipient))
    : told.type === "feedback.complained"
    ? event(told.type, envelope, told.data)
    : event(told.type, envelope, told.data);
  const suppression = recipient === undefined ? null : suppressionOf(fact, recipient);
  return suppression === null ? [fact] : [suppression, fact];
}

/** With the domain that we sent to, and whose it is: a report may name what became of the address. */
function placed(data: Bounced, recipient: string | undefined): Bounced {
  const domain = recipient === undefined ? data.domain : domainOf(recipient);
  return {
    ...data,
    domain,
    provider: domain === "" ? "" : provider(domain, data.mx === null ? [] : [data.mx]),
  };
}
