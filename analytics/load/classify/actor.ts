/** Who or what makes a hit. */

export const ACTORS = [
  "human",
  "apple-mpp",
  "gmail-proxy",
  "yahoo-proxy",
  "scanner",
  "prefetch",
  "unknown",
] as const;
export type Actor = typeof ACTORS[number];

/** Hits that no person made. The proxies of Gmail and Yahoo fetch when a person opens the message. */
export const MACHINES: ReadonlySet<Actor> = new Set<Actor>(["apple-mpp", "scanner", "prefetch"]);
