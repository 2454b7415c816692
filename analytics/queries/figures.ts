/** From counts to figures with their rates (seed "Statistiques comportementales"). Pure. */
import type { Figures, ReactionRates } from "./port.ts";

/** Of copies: by what became of them, and those that people reacted to. */
export const COPY_COUNTS = [
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
] as const satisfies readonly (keyof Figures)[];
export const COUNTS = [
  ...COPY_COUNTS,
  "machineOpened",
  "machineClicked",
  // People and machines: copies, then hits.
  "allOpened",
  "allClicked",
  "opens",
  "clicks",
  "machineOpens",
  "machineClicks",
] as const;
export type Counts = Record<typeof COUNTS[number], number>;

/** Distinct recipients and people, unless said otherwise. A rate of nothing is 0. */
export function figures(counts: Counts): Figures {
  const { sent, opened, clicked, softBounced, cancelled, complained, unsubscribed } = counts;
  const { opens, clicks, machineOpens, machineClicks, allOpened, allClicked } = counts;
  const [allOpens, allClicks] = [opens + machineOpens, clicks + machineClicks];
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
      ...reactions(sent, opened, opened, clicked),
      bounce: rate(cancelled + softBounced, sent),
      spam: rate(complained, sent),
      unsubscribe: rate(unsubscribed, sent),
    },
    totals: { opens, clicks, rates: reactions(sent, opened, opens, clicks) },
    machine: {
      opened: counts.machineOpened,
      clicked: counts.machineClicked,
      opens: machineOpens,
      clicks: machineClicks,
    },
    all: {
      opened: allOpened,
      clicked: allClicked,
      rates: reactions(sent, allOpened, allOpened, allClicked),
      totals: {
        opens: allOpens,
        clicks: allClicks,
        rates: reactions(sent, allOpened, allOpens, allClicks),
      },
    },
  };
}

/** @param opened copies, which reactivity is measured by; `opens`, `clicks`: copies or hits */
function reactions(sent: number, opened: number, opens: number, clicks: number): ReactionRates {
  return { open: rate(opens, sent), click: rate(clicks, sent), reactivity: rate(clicks, opened) };
}

function rate(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
