/** What a question is about: the copies sent in a time, of a campaign or of one message, and their hits. */
import { type Kysely, sql } from "kysely";
import { dayOf, dayOfMessage } from "../schema/day.ts";
import { isUuid } from "../schema/uuid.ts";
import type { Scope } from "./analyses.ts";
import { sentDeliveries } from "./delivery.ts";
import { hits } from "./hits.ts";
import { onCampaignDays } from "./narrow.ts";
import type { Tables } from "./tables.ts";

const DAY = 86_400_000;

/** As table `d`. */
export function scopedDeliveries(db: Kysely<Tables>, account: string, scope: Scope) {
  const { campaign, message, ...range } = scope;
  let found = sentDeliveries(db, account, range);
  if (campaign !== undefined) {
    found = found.where("d.campaign", "=", campaign)
      .where(onCampaignDays(db, "deliveries", account, campaign, range));
  }
  if (message === undefined) return found;
  return isUuid(message)
    ? found.where("d.day", "=", dayOfMessage(message))
      .where(sql<boolean>`d.message = toUUID(${message})`)
    : found.where(sql<boolean>`false`);
}

/**
 * Hits on these copies, whenever they came, as table `h`.
 * @param days of these days of message ids; of all without
 */
export function scopedHits(
  db: Kysely<Tables>,
  account: string,
  scope: Scope,
  days?: readonly string[],
) {
  const { campaign, message, ...range } = scope;
  let found = db.selectFrom(hits(db, account, range).as("h"));
  if (campaign !== undefined) {
    found = found.where("h.campaign", "=", campaign)
      .where(onCampaignDays(db, "hits", account, campaign, range));
  }
  if (message !== undefined) {
    if (!isUuid(message)) return found.where(sql<boolean>`false`);
    found = found.where("h.day", "=", dayOfMessage(message))
      .where(sql<boolean>`h.message = toUUID(${message})`);
  }
  if (days !== undefined) found = found.where("h.day", "in", days);
  const { from, to } = range;
  if (from === undefined && to === undefined) return found;

  // Days that lie within for certain; of the others, the copies are looked at one by one. Ids are given
  // out less than a day before the message counts as sent.
  const first = dayOf(from === undefined ? 0 : from + DAY);
  const last = to === undefined ? undefined : dayOf(to - DAY);
  let [within, edge] = [sql`h.day > ${first}`, sql`d.day <= ${first}`];
  if (last !== undefined) {
    within = sql`${within} AND h.day < ${last}`;
    edge = sql`(${edge} OR d.day >= ${last})`;
  }
  let ofEdge = sentDeliveries(db, account, range).where(sql<boolean>`${edge}`)
    .select(["d.day", "d.message"]);
  if (days !== undefined) {
    const edges = days.filter((day) => day <= first || (last !== undefined && day >= last));
    if (edges.length === 0) return found;
    ofEdge = ofEdge.where("d.day", "in", edges);
  }
  return found.where(sql<boolean>`((${within}) OR (h.day, h.message) IN (${ofEdge}))`);
}
