/** Figures of the sequence rules, with where they come from. */

/** So many distinct links of one copy within so long are no person's clicks. */
export interface Burst {
  links: number;
  withinMs: number;
  /** Holds only when none of the clicks brought what a browser always sends (Accept-Language). */
  bare: boolean;
  reason: string;
  source: string;
}

export const BURSTS: readonly Burst[] = [
  {
    links: 2,
    withinMs: 500,
    bare: false,
    reason: "burst-2-in-500ms",
    source: "two links opened in tabs of their own take a person longer than that",
  },
  {
    links: 3,
    withinMs: 2_000,
    bare: false,
    reason: "burst-3-in-2s",
    source: "paminga.com/docs/concepts/bot-filtering: bots click every link in 3 seconds",
  },
  {
    links: 5,
    withinMs: 10_000,
    bare: false,
    reason: "burst-5-in-10s",
    source: "Defender's sandbox clicks every link of a mail within 10 seconds",
  },
  {
    links: 2,
    withinMs: 3_000,
    bare: true,
    reason: "burst-2-bare-in-3s",
    source: "every browser sends Accept-Language; what follows two links without is none",
  },
];

/**
 * A bare click sooner after the copy was handed over was made by the gateway that received it:
 * nobody gets, sees, opens and clicks a message within that time.
 */
export const INSTANT_CLICK_MS = 1_000;

/** How long a hit of the agent and network of a scanner counts for the scanner too, ms. */
export const COMPANY_MS = 10_000;
