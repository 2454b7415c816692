/** Which hour is best for sending. Pure. */
import type { SendingHour } from "@chappe/analytics";

/** Of the normal distribution, for 95 %. */
const Z = 1.96;

/**
 * Hours in which something was sent, by the lower bound of Wilson's interval for their open rate
 * (E. B. Wilson 1927, JASA 22:209–212): three opens of four mails are no better than 60 of 100.
 */
export function bestFirst(hours: readonly SendingHour[]): SendingHour[] {
  return hours.filter(({ sent }) => sent > 0)
    .toSorted((a, b) => atLeast(b.opened, b.sent) - atLeast(a.opened, a.sent));
}

function atLeast(part: number, whole: number): number {
  const rate = part / whole;
  const square = Z * Z / whole;
  const margin = Z * Math.sqrt((rate * (1 - rate) + square / 4) / whole);
  return (rate + square / 2 - margin) / (1 + square);
}
