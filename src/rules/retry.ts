/** When a message that was not taken is tried again, and when it is given up. */

export interface RetryPolicy {
  /** Pauses after the 1st, 2nd… attempt that a server answered with "not now", ms. */
  readonly refused: readonly number[];
  /** Pauses after attempts that no server answered, ms. */
  readonly unanswered: readonly number[];
  /** Pause after all later attempts, ms. */
  readonly every: number;
  /** Time after acceptance at which a message is given up, ms. */
  readonly giveUpAfter: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Every 4 hours for 3 days (seed, "Message envoyé, attente retour"). Those who put a message aside
 * to see whether it comes back (greylisting) let it in after minutes: hence the early steps.
 */
export const STANDARD_RETRY: RetryPolicy = {
  refused: [5 * MINUTE, 15 * MINUTE, 60 * MINUTE],
  unanswered: [],
  every: 4 * HOUR,
  giveUpAfter: 72 * HOUR,
};

/**
 * {@link STANDARD_RETRY} with other early steps after a temporary refusal; none leaves every 4 hours.
 * @param minutes pauses after the 1st, 2nd… refusal
 */
export function retryWithEarly(minutes: readonly number[]): RetryPolicy {
  return { ...STANDARD_RETRY, refused: minutes.map((each) => each * MINUTE) };
}

/**
 * What follows an attempt that failed for now: the time of the next one, or null when the message
 * has had its time. The last attempt falls on the very end of that time.
 *
 * @param attempt 1 for the first.
 * @param answered whether a server answered at all.
 */
export function nextAttemptAt(
  { attempt, acceptedAt, now, answered }: {
    attempt: number;
    acceptedAt: number;
    now: number;
    answered: boolean;
  },
  policy: RetryPolicy = STANDARD_RETRY,
): number | null {
  const end = acceptedAt + policy.giveUpAfter;
  if (now >= end) return null;
  const early = answered ? policy.refused : policy.unanswered;
  return Math.min(now + (early[attempt - 1] ?? policy.every), end);
}
