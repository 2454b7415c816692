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
  /** Ids of earlier hits that this one shows to have been a scanner's. */
  revokes: string[];
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
    .select(["id", "type", "seq", "idx", "rcpt", "actor", "reason", "revokes", "data"])
    .select(sql<number>`toUnixTimestamp64Milli(facts.at)`.as("at"))
    .orderBy("at").orderBy("seq").orderBy("idx").orderBy("rcpt")
    .modifyEnd(sql`LIMIT 1 BY id, rcpt`);
  // Each step of a delivery is one of its own, hits are counted together: one question for both.
  const isHit = sql`f.type IN (${sql.join(HITS)})`;
  const told = db.selectFrom(facts.as("f")).selectAll()
    .orderBy("f.at").orderBy("f.seq").orderBy("f.idx").orderBy("f.rcpt")
    .modifyEnd(
      sql`LIMIT ${sql.lit(hitsOfCopy + 1)} BY f.rcpt, if(${isHit}, '', toString(f.id))`,
    );
  const rows: FactRow[] = await ask(client, told);
  const counts = new Map<number, number>();
  const kept = rows.filter(({ type, rcpt }) => {
    if (!HITS.includes(type)) return true;
    counts.set(rcpt, (counts.get(rcpt) ?? 0) + 1);
    return counts.get(rcpt)! <= hitsOfCopy;
  });
  const more = new Set([...counts].filter(([, count]) => count > hitsOfCopy).map(([rcpt]) => rcpt));
  // A hit is revoked by a later one of its copy: here, unless there are more of it.
  const found = more.size === 0
    ? rows.flatMap(({ revokes, reason }) => revokes.map((id) => ({ id, reason })))
    : await ask(
      client,
      revokedOf(db, account, message)
        .where("r.id", "in", db.selectFrom(told.as("t")).select("t.id"))
        .select(["r.id", "r.reason"]).distinct(),
    );
  // Of several that revoke a hit the greatest reason counts, as in the table of hits.
  const revoked = new Map(
    found.map(({ id, reason }) => [id, reason] as const).sort(([, a], [, b]) => a < b ? -1 : 1),
  );
  const events = kept.map((fact) => {
    const reason = revoked.get(fact.id);
    return timelineEvent(reason === undefined ? fact : { ...fact, actor: "scanner", reason });
  });
  return { events, more };
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
