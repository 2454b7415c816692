/** Who is not to be tracked, for those who know recipients by their tags only. */
import type { Event } from "../events/mod.ts";
import { follow, type FollowOptions } from "../follow/mod.ts";
import { MAX_LATENESS } from "../rules/mod.ts";
import { TagTable } from "./tag_table.ts";

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
  /**
   * Whether consent had been withdrawn when something happened that is told only now.
   * @param at ms UTC; of the last {@link MAX_LATENESS}, since earlier times are not kept
   */
  withdrawnBefore(tag: bigint, at: number): boolean;
}

/** Follows consents. Resolves when it is up to date with the log. @throws {LogUnavailableError} */
export async function followConsents(options: FollowOptions): Promise<LiveConsents> {
  const tags = new TagTable();
  /** When tags were withdrawn, ms UTC: the first of them first, about. */
  const times = new Map<bigint, number>();

  function noteTime({ type, at }: Event, tag: bigint, wasWithdrawn: boolean): void {
    if (type === "consent.given") times.delete(tag);
    else if (!wasWithdrawn) times.set(tag, at);
    for (const [tag, withdrawnAt] of times) {
      if (withdrawnAt > at - MAX_LATENESS) return;
      times.delete(tag);
    }
  }

  const live = {
    seq: 0,
    withdrawn: (tag: bigint) => tags.get(tag) !== 0,
    withdrawnBefore: (tag: bigint, at: number) =>
      live.withdrawn(tag) && (times.get(tag) ?? -Infinity) < at,
    tags: () => tags.tags(),
  };
  await follow(options, ["consent"], ({ seq, events }) => {
    for (const event of events) {
      const tag = consentTag(event);
      if (tag === null) continue;
      noteTime(event, tag, live.withdrawn(tag));
      foldConsent(tags, event);
    }
    live.seq = seq;
  });
  return live;
}

export function foldConsent(tags: TagTable, event: Event): void {
  const tag = consentTag(event);
  if (tag === null) return;
  if (event.type === "consent.given") tags.delete(tag);
  else tags.set(tag, 1);
}

/** Whose consent an event is about; null when it is about none. */
function consentTag(event: Event): bigint | null {
  const isOne = event.type === "consent.withdrawn" || event.type === "consent.given";
  return isOne ? BigInt(`0x${event.data.tag}`) : null;
}
