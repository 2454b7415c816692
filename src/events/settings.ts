/**
 * Family `settings`: accounts and what belongs to them. Settings are events like all others: each
 * process folds them at start and follows them. Secrets never stand here in clear: passwords and
 * API keys are hashed, keys sealed with the master key (settings/secrets).
 */
import * as z from "zod";
import { Tracking } from "./message.ts";

const name = z.string().min(1).max(200);

export const AccountCreated = z.strictObject({
  name,
  tracking: Tracking,
  listUnsubscribe: z.boolean(),
});
export const AccountChanged = z.strictObject({
  tracking: Tracking.optional(),
  listUnsubscribe: z.boolean().optional(),
});

/** An SMTP login. `hash` is an argon2id string. */
export const CredentialIssued = z.strictObject({ login: name, hash: z.string() });
export const CredentialRevoked = z.strictObject({ login: name });

/** `digest` is the SHA-256 of the key in hex: keys are long and random, so no slow hash is needed. */
export const ApiKeyIssued = z.strictObject({ key: name, name, digest: z.string() });
export const ApiKeyRevoked = z.strictObject({ key: name });

export const UserInvited = z.strictObject({
  email: z.string(),
  name,
  role: z.enum(["owner", "operator", "analyst"]),
  hash: z.string(),
});

/** An address (`a@b.example`) or a whole domain (`b.example`) the account may send from. */
export const SenderAuthorised = z.strictObject({ sender: z.string() });
export const SenderWithdrawn = z.strictObject({ sender: z.string() });

/** A DKIM key pair (RFC 6376, RFC 8463). `privateKey` is sealed PKCS#8 PEM. */
export const DkimKeyCreated = z.strictObject({
  domain: z.string(),
  selector: z.string(),
  algorithm: z.enum(["rsa-sha256", "ed25519-sha256"]),
  /** Base64 of the SubjectPublicKeyInfo, as it stands after `p=` for RSA. */
  publicKey: z.string(),
  privateKey: z.string(),
});

/** A secret that signs tracking tokens; old ones go on verifying. `secret` is sealed. */
export const TokenKeyCreated = z.strictObject({
  kid: z.int().min(0).max(65535),
  secret: z.string(),
});
