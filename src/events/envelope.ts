/**
 * The envelope that every event wears. An event is a past fact: it is never changed, and what it
 * means is decided by those who read it.
 */
import * as z from "zod";

/** Which of a message's envelope recipients an event is about: its position in `message.accepted`. */
export const RecipientIndex = z.int().nonnegative();

export const Envelope = z.strictObject({
  /** UUIDv7, or a UUID derived from its cause. Also the idempotency key: the same id twice is one fact. */
  id: z.uuid(),
  /** `<family>.<fact>`; the family is also the subject in the log. */
  type: z.string(),
  /** Version of `data`'s shape, from 1. Older versions are lifted by `upcast`. */
  v: z.int().positive(),
  account: z.string().min(1),
  /** When it happened, ms UTC. */
  at: z.int().nonnegative(),
  /** When the log took it, ms UTC. Set by the log. */
  recorded: z.int().nonnegative(),
  /** Id of the event that led to this one. */
  cause: z.string().optional(),
  /** Message id (UUIDv7), given out at submission. */
  message: z.uuid().optional(),
  /** Recipient address, where the one who records the event knows it (the edge does not). */
  recipient: z.string().optional(),
  /** Index of the recipient in the message: with `message`, the key of one delivery. */
  rcpt: RecipientIndex.optional(),
  campaign: z.string().optional(),
  /** Who did it, where a person or a program with a key did: `user:<e-mail>`, `api-key:<key>`, `operator`. */
  by: z.string().optional(),
});

/** The envelope without what the log itself fills in. */
export type EnvelopeInput = Omit<z.infer<typeof Envelope>, "recorded">;
