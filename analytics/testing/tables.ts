/** For tests: what the folded tables hold, row by row, to be compared. */
import type { ClickHouseClient } from "@clickhouse/client";
import { ask } from "../queries/ask.ts";
import { createBuilder } from "../queries/compiler.ts";
import { deliveries } from "../queries/delivery.ts";
import { hits } from "../queries/hits.ts";
import type { NaiveDelivery } from "./naive.ts";
import { ACCOUNTS } from "./traffic.ts";

/** Every column of every delivery and hit, of all accounts. */
export async function contents(client: ClickHouseClient) {
  const db = createBuilder("chappe");
  return await Promise.all(ACCOUNTS.map(async (account) => ({
    deliveries: (await ask(client, deliveries(db, account, {}).orderBy("message").orderBy("rcpt")))
      // Sets, in no order.
      .map((row) => ({
        ...row,
        human_marks: row.human_marks.toSorted(),
        machine_marks: row.machine_marks.toSorted(),
        human_texts: row.human_texts.toSorted(),
        revoked_texts: row.revoked_texts.toSorted(),
      })),
    hits: await ask(client, hits(db, account, {}).orderBy("hits.id")),
  })));
}

/** Of each delivery, how many hits people and machines made, distinct and in all. */
export async function hitCounts(client: ClickHouseClient, account: string) {
  const db = createBuilder("chappe");
  const counted = await ask(
    client,
    db.selectFrom(deliveries(db, account, {}).as("d")).select([
      "d.message as id",
      "d.rcpt",
      "d.opened",
      "d.clicked",
      "d.opens",
      "d.clicks",
      "d.machine_opened",
      "d.machine_clicked",
      "d.machine_opens",
      "d.machine_clicks",
    ]).orderBy("d.message").orderBy("d.rcpt"),
  );
  return sorted(counted);
}

/** The same from a plain fold of the events. */
export function naiveHitCounts(all: readonly NaiveDelivery[], account: string) {
  return sorted(
    all.filter((d) => d.account === account).map((d) => ({
      id: d.id,
      rcpt: d.rcpt,
      opened: Number(d.opened),
      clicked: Number(d.clicked),
      opens: d.opens.size,
      clicks: d.clicks.size,
      machine_opened: Number(d.machineOpened),
      machine_clicked: Number(d.machineClicked),
      machine_opens: d.machineOpens.size,
      machine_clicks: d.machineClicks.size,
    })),
  );
}

function sorted<T extends { id: string; rcpt: number }>(rows: T[]): T[] {
  return rows.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.rcpt - b.rcpt));
}
