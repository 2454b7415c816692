/**
 * Who gets no mail, and who is not to be tracked, as the log says it now. Each address is a tag of 64
 * bits in a flat table: a million of them take 19 MB, and an answer needs no question to anybody.
 */
import { type Event, type SuppressionReason, SuppressionReasonSchema } from "../events/mod.ts";
import { follow, type FollowOptions } from "../follow/mod.ts";
import { recipientTag } from "../rules/mod.ts";
import { foldConsent } from "./consents.ts";
import { TagTable } from "./tag_table.ts";

const REASONS = SuppressionReasonSchema.options;

export interface Recipients {
  /** Why the account does not send to the address; null when it does. */
  suppressed(account: string, address: string): SuppressionReason | null;
  /** Whether the recipient has withdrawn consent to be tracked. */
  trackingWithdrawn(account: string, address: string): boolean;
  /** How many there are, over all accounts. */
  readonly counts: { readonly suppressed: number; readonly withdrawn: number };
}

/**
 * Follows suppressions and consents. Resolves when it is up to date with the log. The last word in
 * the log counts, one that repeats an earlier one too: who asks again means it.
 *
 * @param options.secret behind the tags (settings: `recipientSecret`)
 * @throws {LogUnavailableError}
 */
export async function followRecipients(
  options: FollowOptions & { secret: Uint8Array },
): Promise<Recipients> {
  const { secret } = options;
  const reasons = new TagTable();
  const withdrawn = new TagTable();
  await follow(options, ["suppression", "consent"], ({ events }) => {
    for (const event of events) {
      foldConsent(withdrawn, event);
      foldSuppression(reasons, event, secret);
    }
  });
  return {
    suppressed(account, address) {
      if (reasons.size === 0) return null;
      return REASONS[reasons.get(recipientTag(secret, account, address)) - 1] ?? null;
    },
    trackingWithdrawn: (account, address) =>
      withdrawn.size > 0 && withdrawn.get(recipientTag(secret, account, address)) !== 0,
    get counts() {
      return { suppressed: reasons.size, withdrawn: withdrawn.size };
    },
  };
}

function foldSuppression(tags: TagTable, event: Event, secret: Uint8Array): void {
  const { account, recipient } = event;
  if (recipient === undefined) return;
  if (event.type === "suppression.added") {
    tags.set(recipientTag(secret, account, recipient), REASONS.indexOf(event.data.reason) + 1);
  }
  if (event.type === "suppression.removed") tags.delete(recipientTag(secret, account, recipient));
}
