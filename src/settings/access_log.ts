/** Remembers in the log who used what to come in, without ever being in the way. */
import { type AccessUsed, event } from "../events/mod.ts";
import type { EventLog } from "../log/mod.ts";
import { type Logger, messageOf } from "../runtime/mod.ts";

export interface AccessLog {
  /**
   * A login, API key or user was used. Returns at once; at most one event an hour and name reaches
   * the log, and a use that could not be written is told to the operator's log only.
   */
  used(account: string, kind: AccessUsed["kind"], name: string, ip: string): void;
}

const HOUR = 3600_000;
/** Names remembered; the one written first goes first, and may be written again within its hour. */
const REMEMBER_MAX = 10_000;

export function createAccessLog({ events, now, newId, logger }: {
  events: Pick<EventLog, "append">;
  now: () => number;
  newId: () => string;
  logger: Logger;
}): AccessLog {
  const written = new Map<string, number>();

  return {
    used(account, kind, name, ip) {
      const at = now();
      const key = accessKey(account, kind, name);
      if (at - (written.get(key) ?? -Infinity) < HOUR) return;
      written.delete(key);
      written.set(key, at);
      if (written.size > REMEMBER_MAX) written.delete(written.keys().next().value!);
      const used = event("access.used", { id: newId(), account, at }, { kind, name, ip });
      events.append([used]).catch((error: unknown) => {
        written.delete(key);
        logger.warn("access-not-recorded", { kind, reason: messageOf(error) });
      });
    },
  };
}

/** When and from where something was last used. */
export interface LastUse {
  /** ms UTC. */
  at: number;
  ip: string;
}

/** What a last use is found by in the answer of {@link readLastUses}. */
export function accessKey(account: string, kind: AccessUsed["kind"], name: string): string {
  return JSON.stringify([account, kind, name]);
}

/** The newest use of everything since then (ms UTC), by {@link accessKey}. Reads the log once. */
export async function readLastUses(
  events: Pick<EventLog, "read">,
  since: number,
): Promise<ReadonlyMap<string, LastUse>> {
  const last = new Map<string, LastUse>();
  for await (const commit of events.read({ families: ["access"], since })) {
    for (const used of commit.events) {
      if (used.type !== "access.used") continue;
      const { account, at, data: { kind, name, ip } } = used;
      const key = accessKey(account, kind, name);
      if ((last.get(key)?.at ?? -Infinity) <= at) last.set(key, { at, ip });
    }
  }
  return last;
}
