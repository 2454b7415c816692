/** Family `delivery`: what became of one copy, for one recipient. */
import * as z from "zod";
import { Figures } from "./figures.ts";
import { Reply } from "./reply.ts";

/** What a failure is about; hard or soft follows from it (rules/bounce). */
export const BounceClass = z.enum([
  "unknown-user",
  "mailbox-full",
  "message-too-large",
  "policy",
  "spam",
  "rate",
  "greylisting",
  "dns",
  "connection",
  "protocol",
  "authentication",
  "other",
]);
export type BounceClass = z.infer<typeof BounceClass>;

/** Which rule chose the address, the delay or the refusal, with the counters it looked at. */
export const Why = z.strictObject({
  rule: z.string(),
  figures: Figures.optional(),
  /** Source addresses that were not taken, and what spoke against each. */
  alternatives: z.array(z.strictObject({
    address: z.string().nullable(),
    pool: z.string(),
    rule: z.string(),
    /** When that ends, ms UTC. */
    until: z.int().optional(),
  })).optional(),
});
export type Why = z.infer<typeof Why>;

/**
 * How the copy was authenticated as it left (RFC 7489 §3.1): what DMARC says of it where DNS is as it
 * was when last checked.
 */
export const Authentication = z.strictObject({
  /** `d=` of each signature. */
  dkim: z.array(z.string()),
  /** Domain of MAIL FROM; null for the null reverse-path. */
  spf: z.string().nullable(),
  /** Which of them align with the From domain. */
  aligned: z.strictObject({ dkim: z.boolean(), spf: z.boolean() }),
  dmarc: z.enum(["pass", "fail"]),
});
export type Authentication = z.infer<typeof Authentication>;

const route = {
  /** 1 for the first try. */
  attempt: z.int().positive(),
  /** Source IP address the connection was bound to; null when the system chose. */
  address: z.string().nullable(),
  pool: z.string(),
  /** Whose servers take this mail: the roll-up of the destination's MX. */
  provider: z.string(),
  /** Domain of the recipient, lower case A-labels. */
  domain: z.string(),
  /** Host that answered, null when none was reached. */
  mx: z.string().nullable(),
  tls: z.strictObject({ version: z.string(), cipher: z.string() }).nullable(),
  /** Time from the start of the attempt to its outcome, ms. */
  tookMs: z.number().nonnegative(),
  why: Why,
  /** Where a copy was made. */
  authentication: Authentication.optional(),
};

export const Delivered = z.strictObject({ ...route, reply: Reply });
export type Delivered = z.infer<typeof Delivered>;

export const Deferred = z.strictObject({
  ...route,
  /** Null when no server answered. */
  reply: Reply.nullable(),
  /** What happened, in words, when no server answered. */
  error: z.string().nullable(),
  class: BounceClass,
  /** ms UTC. */
  nextAttemptAt: z.int(),
});
export type Deferred = z.infer<typeof Deferred>;

export const Bounced = z.strictObject({
  ...route,
  reply: Reply.nullable(),
  error: z.string().nullable(),
  class: BounceClass,
  kind: z.enum(["hard", "soft"]),
  /** `async`: told later by a delivery status notification (RFC 3464). */
  mode: z.enum(["sync", "async"]),
});
export type Bounced = z.infer<typeof Bounced>;

/** Given up after the last retry. */
export const Expired = z.strictObject({
  ...route,
  reply: Reply.nullable(),
  error: z.string().nullable(),
  class: BounceClass,
});
export type Expired = z.infer<typeof Expired>;

/** Not sent: the recipient stands on the account's suppression list. */
export const Suppressed = z.strictObject({ reason: z.string() });
export type Suppressed = z.infer<typeof Suppressed>;

/** Not sent: somebody cancelled it. */
export const Cancelled = z.strictObject({ by: z.string(), reason: z.string() });
export type Cancelled = z.infer<typeof Cancelled>;

/** Not tried yet: no address may send it before. Said once for each reason, however long it lasts. */
export const Held = z.strictObject({
  /** The attempt that waits. */
  attempt: z.int().positive(),
  /** When it is looked at again, ms UTC. */
  until: z.int(),
  /** Whose servers take this mail. */
  provider: z.string(),
  domain: z.string(),
  why: Why,
});
export type Held = z.infer<typeof Held>;
