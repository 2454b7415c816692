/** Which way a message takes: pool and source address, and why. */
import type { Why } from "@chappe/src/events";

export interface Route {
  readonly pool: string;
  /** Source IP address to bind to; null leaves it to the system. */
  readonly address: string | null;
  readonly why: Why;
}

/** The shared pool: its source addresses in turn, or the system's choice when it has none. */
export function createRouter({ sources }: { sources: readonly string[] }): { route(): Route } {
  let turn = 0;
  const why = { rule: "shared-pool", figures: { addresses: sources.length } };
  return {
    route() {
      if (sources.length === 0) return { pool: "shared", address: null, why };
      const address = sources[turn]!;
      turn = (turn + 1) % sources.length;
      return { pool: "shared", address, why };
    },
  };
}
