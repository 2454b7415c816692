/** Opens and clicks one by one, as pages of a list. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type InferResult, type Kysely, sql } from "kysely";
import { dayOfMessage } from "../schema/day.ts";
import type { HitFilter, HitRow } from "./analyses.ts";
import { ask } from "./ask.ts";
import { HitCursor, readCursor, writeCursor } from "./cursor.ts";
import { deliveries } from "./delivery.ts";
import { hits } from "./hits.ts";
import { checkLimit } from "./limit.ts";
import type { Page } from "./port.ts";
import { scopedHits } from "./scope.ts";
import { type Columns, readSort } from "./sort.ts";
import type { Tables } from "./tables.ts";

export const HIT_SORTS: Columns = { expressions: { at: "h.at" }, texts: new Set() };

/** Hits `h` that a filter lets through. */
export function hitsMatching(
  db: Kysely<Tables>,
  account: string,
  { kind, actor, ...scope }: HitFilter,
) {
  let found = scopedHits(db, account, scope);
  if (kind !== undefined) found = found.where("h.kind", "=", kind);
  if (actor !== undefined) found = found.where("h.actor", "in", [...actor]);
  return found;
}

/** @throws {BadQueryError} for a sort, limit or cursor that is not ours. */
export async function hitList(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  filter: HitFilter,
  { limit, ...page }: { sort?: string; limit: number; cursor?: string },
): Promise<Page<HitRow>> {
  const sort = readSort(page.sort ?? "-at", HIT_SORTS);
  const cursor = page.cursor === undefined ? undefined : readCursor(page.cursor, sort, HitCursor);
  checkLimit(limit);
  const direction = sort.descending ? "desc" : "asc";
  // First only the keys of the page, so that long columns of other rows are not read.
  let found = hitsMatching(db, account, filter)
    .select(["h.message", "h.rcpt", "h.id", "h.at"])
    .orderBy("h.at", direction).orderBy("h.id", direction).limit(limit + 1);
  if (cursor !== undefined) {
    const end = sql`(${cursor.value}, toUUID(${cursor.id}))`;
    found = found.where(
      sort.descending ? sql<boolean>`(h.at, h.id) < ${end}` : sql<boolean>`(h.at, h.id) > ${end}`,
    );
  }
  const keys = await ask(client, found);
  const shown = keys.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await rowsOf(client, db, account, shown),
    next: keys.length > limit && last !== undefined
      ? writeCursor({ sort: sort.name, value: last.at, id: last.id })
      : null,
  };
}

interface Key {
  message: string;
  rcpt: number;
  id: string;
}

/** The hits of these keys, in their order. */
async function rowsOf(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  keys: readonly Key[],
): Promise<HitRow[]> {
  if (keys.length === 0) return [];
  const messages = keys.map(({ message }) => message);
  const zipped = sql`arrayZip(${messages.map(dayOfMessage)}::Array(Date), ${messages}::Array(UUID),
    ${keys.map(({ rcpt }) => rcpt)}::Array(Int32), ${keys.map(({ id }) => id)}::Array(UUID))`;
  const copies = sql`SELECT key.1, key.2, key.3 FROM (SELECT arrayJoin(${zipped}) AS key)`;
  const wanted = sql`SELECT key.1, key.2, key.3, key.4 FROM (SELECT arrayJoin(${zipped}) AS key)`;
  const [found, recipients] = await Promise.all([
    ask(
      client,
      hits(db, account, {})
        .where(sql<boolean>`(hits.day, hits.message, hits.rcpt, hits.id) IN (${wanted})`),
    ),
    ask(
      client,
      db.selectFrom(
        deliveries(db, account, {}).where(
          sql<boolean>`(deliveries.day, deliveries.message, deliveries.rcpt) IN (${copies})`,
        ).as("d"),
      ).select(["d.message", "d.rcpt", "d.recipient"]),
    ),
  ]);
  const byId = new Map(found.map((row) => [row.id, row]));
  const byCopy = new Map(recipients.map((row) => [`${row.message} ${row.rcpt}`, row.recipient]));
  return keys.map(({ id, message, rcpt }) =>
    hitRow(byId.get(id)!, byCopy.get(`${message} ${rcpt}`) ?? "")
  );
}

type Row = InferResult<ReturnType<typeof hits>>[number];

function hitRow(row: Row, recipient: string): HitRow {
  return {
    id: row.id,
    at: row.at,
    message: row.message,
    rcpt: row.rcpt,
    recipient: recipient || null,
    kind: row.kind,
    actor: row.actor as HitRow["actor"],
    reason: row.reason || null,
    machine: row.machine === 1,
    link: row.link < 0 ? null : row.link,
    url: row.url || null,
    sinceSent: row.since_sent < 0 ? null : row.since_sent,
    deviceType: row.device_type || null,
    brand: row.brand || null,
    model: row.model || null,
    os: row.os || null,
    osVersion: row.os_version || null,
    browser: row.browser || null,
    browserVersion: row.browser_version || null,
    mailClient: row.mail_client || null,
    support: row.support || null,
    ip: row.ip || null,
    language: row.language || null,
    campaign: row.campaign || null,
  };
}
