/** Figures of the sequence rules, with where they come from. */

/** So many distinct links of one copy within so long are no person's clicks. */
export interface Burst {
  links: number;
  withinMs: number;
  /** Holds only when none of the clicks brought what a browser always sends (Accept-Language). */
  bare: boolean;
  /** Holds whoever the clicks seem to come from: scanners change agents and networks as they go. */
  anySource: boolean;
  reason: string;
  source: string;
}

export const BURSTS: readonly Burst[] = [
  {
    links: 2,
    withinMs: 500,
    bare: false,
    anySource: true,
    reason: "burst-2-in-500ms",
    source: "two links opened in tabs of their own take a person longer; scanners sweep nine or " +
      "ten in less than a second: github.com/putyourlightson/craft-campaign/issues/546",
  },
  {
    links: 3,
    withinMs: 2_000,
    bare: false,
    anySource: true,
    reason: "burst-3-in-2s",
    source: "scanners that go one by one take about a second a link: " +
      "github.com/mautic/mautic/issues/9798; every link in 3 seconds: " +
      "paminga.com/docs/concepts/bot-filtering",
  },
  {
    links: 5,
    withinMs: 10_000,
    bare: false,
    anySource: false,
    reason: "burst-5-in-10s",
    source:
      "every link within 10 seconds: github.com/mautic/mautic/issues/8692, and of Defender's " +
      "sandbox live-direct-marketing.online/blog/microsoft-defender-link-click-pattern",
  },
  {
    links: 2,
    withinMs: 3_000,
    bare: true,
    anySource: false,
    reason: "burst-2-bare-in-3s",
    source: "every browser sends Accept-Language; what follows two links without is none",
  },
];

/**
 * A bare click sooner after the copy was handed over was made by the gateway that received it:
 * nobody gets, sees, opens and clicks a message within that time. Trackers say 1 to 2 seconds:
 * Mautic's default is 2 (github.com/mautic/mautic/issues/16263); this is the careful end.
 */
export const INSTANT_CLICK_MS = 1_000;

/**
 * How long before and after a hit of the agent and network of a scanner counts for the scanner too,
 * ms. Scanners load the images a median of 33 s before they sweep the links:
 * github.com/putyourlightson/craft-campaign/issues/546.
 */
export const COMPANY_MS = 60_000;
