/** What happened to the copies of one message: all steps, and the first opens and clicks of each. */
import type { ClickHouseClient } from "@clickhouse/client";
import type { EventType } from "@chappe/src/events";
import { type Kysely, sql } from "kysely";
import { dayOfMessage } from "../schema/day.ts";
import { ask } from "./ask.ts";
import type { TimelineEvent } from "./port.ts";
import type { Tables } from "./tables.ts";

export interface Timeline {
  /** In order of `at`; those without a recipient are about all. */
  events: TimelineEvent[];
  /** Copies that have more opens and clicks than these. */
  more: ReadonlySet<number>;
}

const HITS = ["engagement.opened", "engagement.clicked"];
/** Of something that is about all copies. */
const NO_RCPT = -1;

interface FactRow {
  id: string;
  type: string;
  /** ms UTC */
  at: number;
  seq: number;
  idx: number;
  rcpt: number;
  actor: string;
  reason: string;
  data: string;
}

/**
 * @param message id, a UUID
 * @param hitsOfCopy opens and clicks that are told of each copy at the most: the first ones
 */
export async function timeline(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  message: string,
  hitsOfCopy: number,
): Promise<Timeline> {
  // The log may hold an event twice; its first row stays.
  const facts = factsOf(db, account, message)
    .select(["id", "type", "seq", "idx", "rcpt", "actor", "reason", "data"])
    .select(sql<number>`toUnixTimestamp64Milli(facts.at)`.as("at"))
    .orderBy("at").orderBy("seq").orderBy("idx").orderBy("rcpt")
    .modifyEnd(sql`LIMIT 1 BY id, rcpt`);
  const hits = db.selectFrom(facts.where("type", "in", HITS).as("f")).selectAll()
    .orderBy("f.at").orderBy("f.seq").orderBy("f.idx").orderBy("f.rcpt")
    .modifyEnd(sql`LIMIT ${sql.lit(hitsOfCopy + 1)} BY f.rcpt`);
  const [steps, told, revoked] = await Promise.all([
    ask(client, facts.where("type", "not in", HITS)),
    ask(client, hits),
    ask(
      client,
      revokedOf(db, account, message)
        .where("r.id", "in", db.selectFrom(hits.as("g")).select("g.id"))
        // Of several that revoke a hit the greatest reason counts, as in the table of hits.
        .select(["r.id", sql<string>`max(r.reason)`.as("reason")]).groupBy("r.id"),
    ),
  ]);
  const reasons = new Map(revoked.map(({ id, reason }) => [id, reason]));
  const judged = (fact: FactRow): FactRow => {
    const reason = reasons.get(fact.id);
    return reason === undefined ? fact : { ...fact, actor: "scanner", reason };
  };
  const counts = new Map<number, number>();
  const kept = told.filter(({ rcpt }) => {
    counts.set(rcpt, (counts.get(rcpt) ?? 0) + 1);
    return counts.get(rcpt)! <= hitsOfCopy;
  });
  return {
    events: [...steps, ...kept.map(judged)].sort(inOrder).map(timelineEvent),
    more: new Set([...counts].filter(([, count]) => count > hitsOfCopy).map(([rcpt]) => rcpt)),
  };
}

/** What the log says of one message. */
export const factsOf = (db: Kysely<Tables>, account: string, id: string) =>
  db.selectFrom("facts")
    .where("account", "=", account)
    .where("day", "=", dayOfMessage(id))
    .where(sql<boolean>`message = toUUID(${id})`);

/** Hits that a later one has shown to be a scanner's, and by which rule, as table `r`. */
export const revokedOf = (db: Kysely<Tables>, account: string, id: string) =>
  db.selectFrom(
    factsOf(db, account, id)
      .select([sql<string>`arrayJoin(revokes)`.as("id"), "reason"]).as("r"),
  );

function inOrder(a: FactRow, b: FactRow): number {
  return a.at - b.at || a.seq - b.seq || a.idx - b.idx || a.rcpt - b.rcpt;
}

/** Hits also say who made them, and the rule that decided. */
function timelineEvent({ id, type, at, rcpt, actor, reason, data }: FactRow): TimelineEvent {
  return {
    id,
    type: type as EventType,
    at,
    rcpt: rcpt === NO_RCPT ? null : rcpt,
    data: { ...JSON.parse(data), ...(actor === "" ? {} : { actor, reason }) },
  };
}
