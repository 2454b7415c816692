/**
 * Family `settings`: accounts and what belongs to them. Settings are events like all others: each
 * process folds them at start and follows them. Secrets never stand here in clear: passwords and
 * API keys are hashed, keys sealed with the master key (settings/secrets).
 */
import * as z from "zod";
import { AttachmentsMode, Tracking, UnsubscribeMode } from "./message.ts";
import { ShapingAction } from "./shaping.ts";

const name = z.string().min(1).max(200);

const limit = z.int().positive().nullable();

/** The most that an account may send; null: no limit of its own. Set by the operator. */
export const Limits = z.strictObject({
  /** In each hour and day of UTC. */
  messagesPerHour: limit,
  messagesPerDay: limit,
  recipientsPerMessage: limit,
  messageBytes: limit,
});
export type Limits = z.infer<typeof Limits>;

const account = {
  name,
  tracking: Tracking,
  listUnsubscribe: UnsubscribeMode,
  /** Words of the link at the end of a text (`header-and-footer`). */
  unsubscribeText: z.string().min(1).max(200),
  attachments: AttachmentsMode,
  limits: Limits,
};
export const AccountCreated = z.strictObject(account);
export const AccountChanged = z.strictObject(account).partial();

/** What one may do: see; also send and change lists, senders, domains; also logins, keys and users. */
export const Role = z.enum(["owner", "operator", "analyst"]);
export type Role = z.infer<typeof Role>;

/** An SMTP login. `hash` is an argon2id string. */
export const CredentialIssued = z.strictObject({ login: name, hash: z.string() });
export const CredentialRevoked = z.strictObject({ login: name });

/** `digest` is the SHA-256 of the key in hex: keys are long and random, so no slow hash is needed. */
export const ApiKeyIssued = z.strictObject({ key: name, name, digest: z.string(), role: Role });
export const ApiKeyRevoked = z.strictObject({ key: name });

export const UserInvited = z.strictObject({
  email: z.string(),
  name,
  role: Role,
  hash: z.string(),
});
export const UserChanged = z.strictObject({
  email: z.string(),
  role: Role.optional(),
  hash: z.string().optional(),
});
export const UserRemoved = z.strictObject({ email: z.string() });

/** An address (`a@b.example`) or a whole domain (`b.example`) the account may send from. */
export const SenderAuthorised = z.strictObject({ sender: z.string() });
export const SenderWithdrawn = z.strictObject({ sender: z.string() });

/** A domain (lower-case A-labels) that the account says is its own; `ed25519`: signs with both algorithms. */
export const DomainAdded = z.strictObject({ domain: z.string(), ed25519: z.boolean() });
export const DomainRemoved = z.strictObject({ domain: z.string() });

/** What the domain's DNS said, recorded when it differs from what was known. */
export const DomainChecked = z.strictObject({
  domain: z.string(),
  /** Selectors that lead to the key we sign with. */
  selectors: z.array(z.string()),
  /** Whether the return path's name leads to us. */
  returnPath: z.boolean(),
});

/** A DKIM key pair (RFC 6376, RFC 8463). `privateKey` is sealed PKCS#8 PEM. */
export const DkimKeyCreated = z.strictObject({
  domain: z.string(),
  selector: z.string(),
  algorithm: z.enum(["rsa-sha256", "ed25519-sha256"]),
  /** Base64 of the SubjectPublicKeyInfo, as it stands after `p=` for RSA. */
  publicKey: z.string(),
  privateKey: z.string(),
});

const kid = z.int().min(0).max(65535);
/**
 * A secret that signs tracking tokens and return paths; old ones go on verifying until they are
 * retired. `secret` is sealed.
 */
export const TokenKeyCreated = z.strictObject({ kid, secret: z.string() });
/** What it signed is no longer ours. */
export const TokenKeyRetired = z.strictObject({ kid });

const links = {
  /** Of the whole account, of one message, or of all that the sender files under one name. */
  scope: z.enum(["account", "message", "mailing"]),
  /** Message id; or billing code or campaign; null for the account. */
  of: z.string().min(1).max(256).nullable(),
};
/** Tracking links lead nowhere and record nothing any more; unsubscribing goes on working. */
export const LinksDisabled = z.strictObject({
  ...links,
  reason: z.string().max(500),
  /** Whether the operator of the installation did it, who alone may take it back then. */
  byPlatform: z.boolean(),
});
export const LinksEnabled = z.strictObject(links);

const ip = z.union([z.ipv4(), z.ipv6()]);

/** Where an address stands when somebody says so, not when a day has ended. */
export const AddressStanding = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("warming"),
    /** Day of its calendar, from 1. */
    day: z.int().positive(),
    /** The UTC day that is that day: `2026-11-22`. */
    date: z.iso.date(),
  }),
  z.strictObject({ kind: z.literal("warm") }),
  z.strictObject({ kind: z.literal("retired") }),
]);
export type AddressStanding = z.infer<typeof AddressStanding>;

const address = {
  /** What the address calls itself in EHLO: its PTR leads there, and back. */
  ehlo: z.string(),
  pool: name,
  calendar: name,
  standing: AddressStanding,
};
/** A source address of ours. */
export const AddressAdded = z.strictObject({ address: ip, ...address });
export const AddressChanged = z.strictObject(address).partial().extend({ address: ip });
export const AddressRemoved = z.strictObject({ address: ip });

const pool = {
  kind: z.enum(["shared", "dedicated"]),
  /** Whose dedicated pool it is. */
  owner: z.string().nullable(),
};
export const PoolCreated = z.strictObject({ pool: name, ...pool });
export const PoolChanged = z.strictObject({ pool: name, ...pool });

/** Where the account's mail leaves: from the first of `pools` that may send, else from `overflow`. */
export const PoolsAssigned = z.strictObject({
  pools: z.array(name).min(1),
  /** Null: what the pools may not send yet, waits. */
  overflow: name.nullable(),
});

/** How much a new address may send, day by day. */
export const CalendarDefined = z.strictObject({
  calendar: name,
  /** Most messages on day 1, 2, … */
  days: z.array(z.int().positive()).min(1).max(365),
  /** How much more on each day after those. */
  increment: z.int().nonnegative(),
  /** The last day with a cap; after it the address is warm. */
  lastDay: z.int().positive().max(1000),
  /** Provider → the share of a day's cap that may go there. */
  providers: z.record(z.string(), z.number().positive().max(1)),
});
export type CalendarDefined = z.infer<typeof CalendarDefined>;

/** A rule over replies; one by the name of a shipped rule takes its place. */
export const ShapingRuleDefined = z.strictObject({
  rule: z.string().regex(/^[a-z0-9-]{1,60}$/),
  /** Whether it is in use. */
  on: z.boolean(),
  /** Null: all. */
  providers: z.array(z.string()).min(1).nullable(),
  /** A reply matches where all that is given does; null: any. */
  codes: z.array(z.int().min(400).max(599)).min(1).nullable(),
  /** RFC 3463. */
  enhanced: z.array(z.string().regex(/^[45]\.\d{1,3}\.\d{1,3}$/)).min(1).nullable(),
  /** A regular expression over the reply's text; case does not matter. */
  text: z.string().min(1).max(500).nullable(),
  /** So many replies within the time … */
  replies: z.int().min(1).max(1000),
  withinMs: z.int().min(1000).max(86_400_000),
  /** … and this is done for a time. */
  action: ShapingAction,
  forMs: z.int().min(60_000).max(7 * 86_400_000),
});
export type ShapingRuleDefined = z.infer<typeof ShapingRuleDefined>;
