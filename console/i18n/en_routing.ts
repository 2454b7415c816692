/** English texts of why mail went from an address. */
export const routing = {
  /** By rule; a rule without words here shows its name. */
  why: {
    "shared-pool": "the account sends from the shared pool",
    "own-pool": "the account's own address that was used the least",
    "warm-up": "the account's own address, within what its warm-up allows",
    "overflow": "the overflow pool, as none of the account's own was free",
    "switched-pool": "a pool that stands in for another at this provider",
    "no-address-free": "no address was free",
    "no-servers": "no servers to send to were found",
  } as Record<string, string>,
  /** What a rule looked at; a figure without words here shows its name. */
  looked: {
    addresses: "free addresses",
    day: "day of the warm-up",
    sentThisHour: "sent this hour",
    hour: "allowed this hour",
    instead: "instead of",
  } as Record<string, string>,
  /** What spoke against another address, until when. */
  against: {
    day: (day: string) => `the allowance of day ${day} was used up`,
    paused: (reason: string) => `paused (${reason})`,
    /** Why it was paused; a rule without words here shows its name. */
    pauses: {
      "by-hand": "by hand",
      "complaints-1h": "complaints within an hour",
      "bounces-15m": "bounces within 15 minutes",
      "bounces-at-provider-15m": "bounces at this provider within 15 minutes",
    } as Record<string, string>,
    listed: (list: string) => `on the block list ${list}`,
    suspended: (reason: string) => `suspended at this provider (${reason})`,
    pace: "busy at this provider's pace",
    until: (time: string) => `until ${time}`,
  },
};

export type RoutingTexts = typeof routing;
