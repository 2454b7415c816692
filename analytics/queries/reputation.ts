/** How mail from an address is received: over the last quarter of an hour, hour and day. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import { ask } from "./ask.ts";
import { type ReputationRow, type Window, WINDOWS } from "./port.ts";
import { addOutcomes, answered, type Grouped, NO_OUTCOMES, recordedSince } from "./sent.ts";
import type { Tables } from "./tables.ts";

const NAMES = Object.keys(WINDOWS) as Window[];
/** How old the mail may be that somebody opens, or complains of. */
const BEFORE = 30 * 86_400_000;

type Figures = ReputationRow["windows"][Window];
type PerWindow = { [W in Window]: number };

export async function reputation(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  address: string,
  now: number,
): Promise<ReputationRow[]> {
  const from = now - WINDOWS["24h"];
  const perWindow = (what: string, at: string) =>
    NAMES.map((name) =>
      sql<number>`uniqExactIf(${sql.raw(what)}, toUnixTimestamp64Milli(${sql.raw(at)}) >= ${
        now - WINDOWS[name]
      })`.as(name)
    );
  const outcomes = answered(db, { from, to: now + 1 })
    .where("facts.address", "=", address)
    .select(perWindow("facts.id", "facts.at"));

  // What recipients did, which names no address, and the delivery that it is about.
  const copy = ["facts.account", "facts.day", "facts.message", "facts.rcpt"] as const;
  const feedback = db.selectFrom("facts")
    .where("facts.type", "in", ["feedback.complained", "engagement.opened"])
    .where("facts.machine", "=", 0)
    // Shown since to have been a scanner's.
    .where(
      sql<boolean>`facts.id NOT IN (${
        db.selectFrom("facts").where(recordedSince(from))
          .select(sql<string>`arrayJoin(facts.revokes)`.as("id"))
      })`,
    )
    .where(recordedSince(from))
    .where(sql<boolean>`toUnixTimestamp64Milli(facts.at) BETWEEN ${from} AND ${now}`);
  const delivered = db.selectFrom("facts")
    .where("facts.type", "=", "delivery.delivered")
    .where("facts.address", "=", address)
    .where(recordedSince(from - BEFORE))
    .where(
      sql<boolean>`(facts.account, facts.day, facts.message, facts.rcpt) IN (${
        feedback.select(copy)
      })`,
    )
    .select([...copy, "facts.provider"]).distinct();
  const reactions = db.selectFrom(feedback.select([...copy, "facts.type", "facts.at"]).as("f"))
    .innerJoin(
      delivered.as("d"),
      (join) =>
        join.onRef("d.account", "=", "f.account").onRef("d.day", "=", "f.day")
          .onRef("d.message", "=", "f.message").onRef("d.rcpt", "=", "f.rcpt"),
    )
    .select(["d.provider as provider", "f.type as type"])
    .select(perWindow("(f.message, f.rcpt)", "f.at"))
    .groupBy(["provider", "type"]);
  const [sent, reacted] = await Promise.all([ask(client, outcomes), ask(client, reactions)]);

  const all = rowOf(null);
  const rows = new Map<string, ReputationRow>();
  const add = (provider: string, counts: PerWindow, to: (f: Figures, count: number) => void) => {
    const row = rows.get(provider) ?? rowOf(provider);
    rows.set(provider, row);
    for (const { windows } of [all, row]) {
      for (const name of NAMES) to(windows[name], counts[name]);
    }
  };
  for (const group of sent) {
    add(
      group.provider,
      group,
      (figures, count) => addOutcomes(figures, { ...group, count } as Grouped),
    );
  }
  for (const { provider, type, ...counts } of reacted) {
    const what = type === "feedback.complained" ? "complained" : "opened";
    add(provider, counts, (figures, count) => figures[what] += count);
  }
  const busiest = [...rows.values()].sort((a, b) =>
    b.windows["24h"].sent - a.windows["24h"].sent || (a.provider! < b.provider! ? -1 : 1)
  );
  return [all, ...busiest];
}

function rowOf(provider: string | null): ReputationRow {
  const nothing = () => ({ ...NO_OUTCOMES, complained: 0, opened: 0 });
  return { provider, windows: { "15m": nothing(), "1h": nothing(), "24h": nothing() } };
}
