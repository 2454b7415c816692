/** The vocabulary: each event type, the current version of its data and its schema. */
import type * as z from "zod";
import * as access from "./access.ts";
import * as address from "./address.ts";
import * as consent from "./consent.ts";
import * as delivery from "./delivery.ts";
import * as engagement from "./engagement.ts";
import * as feedback from "./feedback.ts";
import * as message from "./message.ts";
import * as settings from "./settings.ts";
import * as shaping from "./shaping.ts";
import * as suppression from "./suppression.ts";

export const FAMILIES = [
  "message",
  "delivery",
  "engagement",
  "feedback",
  "suppression",
  "consent",
  "settings",
  "access",
  "address",
  "shaping",
] as const;
export type Family = typeof FAMILIES[number];

export const CATALOGUE = {
  "message.accepted": { v: 4, data: message.MessageAccepted },
  "message.rejected": { v: 1, data: message.MessageRejected },
  "delivery.delivered": { v: 1, data: delivery.Delivered },
  "delivery.deferred": { v: 1, data: delivery.Deferred },
  "delivery.bounced": { v: 1, data: delivery.Bounced },
  "delivery.expired": { v: 1, data: delivery.Expired },
  "delivery.suppressed": { v: 1, data: delivery.Suppressed },
  "delivery.cancelled": { v: 1, data: delivery.Cancelled },
  "delivery.held": { v: 1, data: delivery.Held },
  "engagement.opened": { v: 2, data: engagement.Opened },
  "engagement.clicked": { v: 2, data: engagement.Clicked },
  "feedback.complained": { v: 1, data: feedback.Complained },
  "feedback.unsubscribed": { v: 1, data: feedback.Unsubscribed },
  "suppression.added": { v: 1, data: suppression.SuppressionAdded },
  "suppression.removed": { v: 1, data: suppression.SuppressionRemoved },
  "consent.withdrawn": { v: 1, data: consent.ConsentWithdrawn },
  "consent.given": { v: 1, data: consent.ConsentGiven },
  "access.used": { v: 1, data: access.AccessUsed },
  "address.warmup-advanced": { v: 1, data: address.WarmupAdvanced },
  "address.warmup-held": { v: 1, data: address.WarmupHeld },
  "address.warmup-stepped-back": { v: 1, data: address.WarmupSteppedBack },
  "address.warmup-finished": { v: 1, data: address.WarmupFinished },
  "address.paused": { v: 1, data: address.Paused },
  "address.resumed": { v: 1, data: address.Resumed },
  "address.listed": { v: 1, data: address.Listed },
  "address.delisted": { v: 1, data: address.Delisted },
  "address.alerted": { v: 1, data: address.Alerted },
  "shaping.applied": { v: 1, data: shaping.ShapingApplied },
  "shaping.expired": { v: 1, data: shaping.ShapingExpired },
  "settings.account-created": { v: 3, data: settings.AccountCreated },
  "settings.account-changed": { v: 3, data: settings.AccountChanged },
  "settings.credential-issued": { v: 1, data: settings.CredentialIssued },
  "settings.credential-revoked": { v: 1, data: settings.CredentialRevoked },
  "settings.api-key-issued": { v: 2, data: settings.ApiKeyIssued },
  "settings.api-key-revoked": { v: 1, data: settings.ApiKeyRevoked },
  "settings.user-invited": { v: 1, data: settings.UserInvited },
  "settings.user-changed": { v: 1, data: settings.UserChanged },
  "settings.user-removed": { v: 1, data: settings.UserRemoved },
  "settings.domain-added": { v: 1, data: settings.DomainAdded },
  "settings.domain-removed": { v: 1, data: settings.DomainRemoved },
  "settings.domain-checked": { v: 1, data: settings.DomainChecked },
  "settings.sender-authorised": { v: 1, data: settings.SenderAuthorised },
  "settings.sender-withdrawn": { v: 1, data: settings.SenderWithdrawn },
  "settings.dkim-key-created": { v: 1, data: settings.DkimKeyCreated },
  "settings.token-key-created": { v: 1, data: settings.TokenKeyCreated },
  "settings.token-key-retired": { v: 1, data: settings.TokenKeyRetired },
  "settings.links-disabled": { v: 1, data: settings.LinksDisabled },
  "settings.links-enabled": { v: 1, data: settings.LinksEnabled },
  "settings.address-added": { v: 1, data: settings.AddressAdded },
  "settings.address-changed": { v: 1, data: settings.AddressChanged },
  "settings.address-removed": { v: 1, data: settings.AddressRemoved },
  "settings.pool-created": { v: 1, data: settings.PoolCreated },
  "settings.pool-changed": { v: 1, data: settings.PoolChanged },
  "settings.pools-assigned": { v: 1, data: settings.PoolsAssigned },
  "settings.calendar-defined": { v: 1, data: settings.CalendarDefined },
  "settings.shaping-rule-defined": { v: 1, data: settings.ShapingRuleDefined },
} as const satisfies Record<`${Family}.${string}`, { v: number; data: z.ZodType }>;

export type EventType = keyof typeof CATALOGUE;
export type EventData<T extends EventType> = z.infer<typeof CATALOGUE[T]["data"]>;
