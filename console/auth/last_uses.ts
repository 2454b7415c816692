/** When and from where logins, keys and users were last used. */
import type { EventLog } from "@chappe/src/log";
import { accessKey, type LastUse, readLastUses } from "@chappe/src/settings";
import type { AccessUsed } from "@chappe/src/events";

export interface LastUses {
  /** Null: not within the last year. */
  of(account: string, kind: AccessUsed["kind"], name: string): LastUse | null;
}

const YEAR = 365 * 24 * 3_600_000;
/** The log's clock and ours may differ by as much, ms. */
const OVERLAP = 60_000;

/** Gives the uses as they stand. Reads the log from where it was last read. */
export function createLastUses({ events, now }: {
  events: Pick<EventLog, "read">;
  now: () => number;
}): () => Promise<LastUses> {
  const last = new Map<string, LastUse>();
  let readUntil: number | undefined;
  return async () => {
    const at = now();
    const since = readUntil === undefined ? at - YEAR : readUntil - OVERLAP;
    for (const [key, use] of await readLastUses(events, since)) last.set(key, use);
    readUntil = at;
    return { of: (...name) => last.get(accessKey(...name)) ?? null };
  };
}
