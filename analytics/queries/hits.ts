/** One hit (open or click) as it counts now: what questions about devices, links and times start from. */
import { type Kysely, sql } from "kysely";
import { dayOf } from "../schema/day.ts";
import type { Range } from "./delivery.ts";
import type { Tables } from "./tables.ts";

const DAY = 86_400_000;

/**
 * Hits on the account's messages, whoever made them. To be read with FINAL (ask.ts). `days`, when their
 * messages were sent, only narrows what is read, as with `deliveries()`.
 */
export function hits(db: Kysely<Tables>, account: string, days: Range) {
  let found = db.selectFrom("hits")
    .where("hits.account", "=", account)
    // A hit that is revoked before its own row is there has no kind yet.
    .where("hits.kind", "in", ["open", "click"])
    .select([
      "hits.day",
      "hits.message",
      "hits.rcpt",
      "hits.id",
      // ms UTC
      sql<number>`toUnixTimestamp64Milli(hits.at)`.as("at"),
      "hits.kind",
      "hits.link",
      "hits.url",
      "hits.campaign",
      // A hit that a later one revoked counts as a scanner's, for the reason of that one.
      sql<string>`if(hits.revoked = '', hits.actor, 'scanner')`.as("actor"),
      sql<string>`if(hits.revoked = '', hits.reason, hits.revoked)`.as("reason"),
      "hits.machine",
      "hits.device_type",
      "hits.brand",
      "hits.model",
      "hits.os",
      "hits.os_version",
      "hits.browser",
      "hits.browser_version",
      "hits.mail_client",
      "hits.support",
      "hits.ip",
      "hits.language",
      "hits.since_sent",
    ]);
  if (days.from !== undefined) {
    const first = dayOf(days.from - DAY);
    found = found.where((or) =>
      or.or([or("hits.day", ">=", first), or("hits.day", "=", dayOf(0))])
    );
  }
  if (days.to !== undefined) found = found.where("hits.day", "<=", dayOf(days.to + DAY));
  return found;
}
