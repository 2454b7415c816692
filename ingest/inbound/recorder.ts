/** Puts into the log what reports tell, once each. */
import type { NewEvent } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";
import type { FindAccepted } from "../accepted.ts";
import { eventsOf, type Finding } from "./finding.ts";
import { createRecent } from "./recent.ts";

const MAX_RECENT = 10_000;

/**
 * Resolves with the facts that are news, when they are on disk.
 * @throws {LogUnavailableError} when nothing was stored: the report must come again.
 */
export type RecordFindings = (findings: readonly Finding[]) => Promise<NewEvent[]>;

export function createRecord(
  { events, findAccepted, now }: {
    events: Pick<EventLog, "append">;
    findAccepted: FindAccepted;
    now: () => number;
  },
): RecordFindings {
  // Who sends one report a thousand times fills no log with it.
  const recent = createRecent(MAX_RECENT);
  return async (findings) => {
    const fresh = new Map(
      findings.map((each) => [`${each.copy.account} ${each.id}`, each] as const)
        .filter(([key]) => !recent.has(key)),
    );
    const news = (await Promise.all([...fresh.values()].map(async (each) => {
      const { account, message } = each.copy;
      return eventsOf(each, await findAccepted(account, message), now());
    }))).flat();
    if (news.length > 0) await events.append(news);
    for (const key of fresh.keys()) recent.add(key);
    return news;
  };
}
