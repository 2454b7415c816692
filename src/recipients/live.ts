/**
 * Who gets no mail, and who is not to be tracked, as the log says it now. Each address is a tag of 64
 * bits in a flat table: a million of them take 19 MB, and an answer needs no question to anybody.
 */
import { type Event, type SuppressionReason, SuppressionReasonSchema } from "../events/mod.ts";
import { follow, type FollowOptions } from "../follow/mod.ts";
import { recipientTag } from "../rules/mod.ts";
import { TagTable } from "./tag_table.ts";

const REASONS = SuppressionReasonSchema.options;

/** Consents alone: for those who know recipients by their tags only. */
export interface Consents {
  /** Whether the one behind the tag has withdrawn consent to be tracked. */
  withdrawn(tag: bigint): boolean;
}

/** All of them, for those who pass them on. */
export interface LiveConsents extends Consents {
  /** Sequence of the last commit folded; 0 when there is none. */
  readonly seq: number;
  /** Tags of those who have withdrawn consent, in no order. */
  tags(): Iterable<bigint>;
}

export interface Recipients {
  /** Why the account does not send to the address; null when it does. */
  suppressed(account: string, address: string): SuppressionReason | null;
  /** Whether the recipient has withdrawn consent to be tracked. */
  trackingWithdrawn(account: string, address: string): boolean;
  /** How many there are, over all accounts. */
  readonly counts: { readonly suppressed: number; readonly withdrawn: number };
}

/** Follows consents. Resolves when it is up to date with the log. @throws {LogUnavailableError} */
export async function followConsents(options: FollowOptions): Promise<LiveConsents> {
  const tags = new TagTable();
  const live = { seq: 0, withdrawn: (tag: bigint) => tags.get(tag) !== 0, tags: () => tags.tags() };
  await follow(options, ["consent"], ({ seq, events }) => {
    for (const event of events) foldConsent(tags, event);
    live.seq = seq;
  });
  return live;
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

function foldConsent(tags: TagTable, event: Event): void {
  if (event.type === "consent.withdrawn") tags.set(BigInt(`0x${event.data.tag}`), 1);
  if (event.type === "consent.given") tags.delete(BigInt(`0x${event.data.tag}`));
}

function foldSuppression(tags: TagTable, event: Event, secret: Uint8Array): void {
  const { account, recipient } = event;
  if (recipient === undefined) return;
  if (event.type === "suppression.added") {
    tags.set(recipientTag(secret, account, recipient), REASONS.indexOf(event.data.reason) + 1);
  }
  if (event.type === "suppression.removed") tags.delete(recipientTag(secret, account, recipient));
}
