/** From counts to figures with their rates (seed "Statistiques comportementales"). Pure. */
import type { Figures } from "./port.ts";

export const COUNTS = [
  "sent",
  "pending",
  "deferred",
  "delivered",
  "opened",
  "clicked",
  "softBounced",
  "cancelled",
  "complained",
  "blacklisted",
  "unsubscribed",
  "machineOpened",
  "machineClicked",
] as const;
export type Counts = Record<typeof COUNTS[number], number>;

export function addUp(all: readonly Counts[]): Counts {
  const sum = Object.fromEntries(COUNTS.map((name) => [name, 0])) as Counts;
  for (const counts of all) for (const name of COUNTS) sum[name] += counts[name];
  return sum;
}

/** Distinct recipients, human actors. A rate of nothing is 0. */
export function figures(counts: Counts): Figures {
  const { sent, opened, clicked, softBounced, cancelled, complained, unsubscribed } = counts;
  return {
    sent,
    pending: counts.pending,
    deferred: counts.deferred,
    delivered: counts.delivered,
    opened,
    clicked,
    softBounced,
    cancelled,
    complained,
    blacklisted: counts.blacklisted,
    unsubscribed,
    rates: {
      open: rate(opened, sent),
      click: rate(clicked, sent),
      reactivity: rate(clicked, opened),
      bounce: rate(cancelled + softBounced, sent),
      spam: rate(complained, sent),
      unsubscribe: rate(unsubscribed, sent),
    },
    machine: { opened: counts.machineOpened, clicked: counts.machineClicked },
  };
}

function rate(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
