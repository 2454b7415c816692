/** How large a message may be, and for how many: the installation's limits and the account's. */
import type { Account } from "@chappe/src/settings";

const MB = 1024 * 1024;

/** The installation's. */
export interface MessageLimits {
  /** Bytes of one message. */
  maxSize: number;
  maxRecipients: number;
}

/** Where the operator has not said otherwise. */
export const DEFAULT_LIMITS: MessageLimits = { maxSize: 50 * MB, maxRecipients: 1000 };

export const maxSizeOf = ({ limits }: Account, { maxSize }: MessageLimits): number =>
  Math.min(maxSize, limits.messageBytes ?? Infinity);

export const maxRecipientsOf = ({ limits }: Account, { maxRecipients }: MessageLimits): number =>
  Math.min(maxRecipients, limits.recipientsPerMessage ?? Infinity);
