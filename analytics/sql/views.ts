/** What analysts read: views under names that stay, whatever becomes of the tables behind them. */
import { literal } from "@chappe/src/embedded";
import { STATUSES } from "@chappe/src/rules";
import { type Compilable, type Kysely, sql } from "kysely";
import { SETTINGS } from "../queries/ask.ts";
import { deliveries, STATUS_UNIT } from "../queries/delivery.ts";
import { hits } from "../queries/hits.ts";
import type { Tables } from "../queries/tables.ts";

/** Stands for any account: who reads decides on the rows. */
const ANY = "any account";

/** Events about mail. Those about settings hold hashes and sealed keys, and are nobody's to see. */
const FAMILIES = ["message", "delivery", "engagement", "feedback", "suppression"];

/** The body of each view, over the tables of `db`. */
export function viewBodies(db: Kysely<Tables>): Readonly<Record<string, string>> {
  const time = (ms: string) => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
  const names = STATUSES.map((status) => `'${status}'`).join(", ");
  const header = (name: string) => `JSONExtractString(d.headers, '${name}')`;
  const as = (name: string, expression: string) => sql.raw(expression).as(name);
  const messages = db.selectFrom(deliveries(db, ANY, {}).as("d"))
    .where("d.sent_at", ">", 0)
    .select([
      as("message", "d.message"),
      as("recipient_index", "d.rcpt"),
      as("sent_at", time("d.sent_at")),
      as("day", "toDate(d.day)"),
      as("sender", "toString(d.sender)"),
      as("recipient", "toString(d.recipient)"),
      as("name", "toString(d.name)"),
      as("fields", "d.fields"),
      as("recipient_type", "toString(d.kind)"),
      as("domain", "toString(d.domain)"),
      as("subject", "toString(d.subject)"),
      as("status", `[${names}][intDiv(d.status_key, ${STATUS_UNIT})]`),
      as("status_at", time(`d.status_key % ${STATUS_UNIT}`)),
      as("delivered", "toBool(d.delivered)"),
      as("opened", "toBool(d.opened)"),
      as("clicked", "toBool(d.clicked)"),
      as("opens", "toUInt32(d.opens)"),
      as("clicks", "toUInt32(d.clicks)"),
      as("machine_opens", "toUInt32(d.machine_opens)"),
      as("machine_clicks", "toUInt32(d.machine_clicks)"),
      as("complained", "toBool(d.complained)"),
      as("unsubscribed", "toBool(d.unsubscribed)"),
      as("attempts", "toUInt32(d.attempt)"),
      as("provider", "toString(d.provider)"),
      as("address", "toString(d.address)"),
      as("pool", "toString(d.pool)"),
      as("reply_code", "toUInt16(JSONExtractUInt(d.reply, 'code'))"),
      as("reply_enhanced", "JSONExtractString(d.reply, 'enhanced')"),
      as("reply_text", "JSONExtractString(d.reply, 'text')"),
      as("campaign", "toString(d.campaign)"),
      as("billing_code", "toString(d.billing_code)"),
      as("customer_reference", "toString(d.customer_reference)"),
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => as(`attention${n}`, header(`attention${n}`))),
    ]);
  const allHits = db.selectFrom(hits(db, ANY, {}).as("h")).select([
    as("id", "h.id"),
    as("message", "h.message"),
    as("recipient_index", "h.rcpt"),
    as("at", time("h.at")),
    as("kind", "toString(h.kind)"),
    as("link", "toInt32(h.link)"),
    as("url", "toString(h.url)"),
    as("campaign", "toString(h.campaign)"),
    as("actor", "toString(h.actor)"),
    as("reason", "toString(h.reason)"),
    as("human", "h.machine = 0"),
    ...["device_type", "brand", "model", "os", "os_version"].map((c) => as(c, `toString(h.${c})`)),
    ...["browser", "browser_version", "mail_client", "support", "language"]
      .map((c) => as(c, `toString(h.${c})`)),
    as("ip", "toString(h.ip)"),
    as("seconds_since_sent", "if(h.since_sent < 0, NULL, h.since_sent / 1000)"),
  ]);
  const events = db.selectFrom("facts as f").where("f.account", "=", ANY)
    .where(sql<string>`substringIndex(f.type, '.', 1)`, "in", FAMILIES)
    .distinct().select([
      as("id", "f.id"),
      as("type", "toString(f.type)"),
      as("at", "f.at"),
      as("message", "f.message"),
      as("recipient_index", "f.rcpt"),
      as("recipient", "f.recipient"),
      as("campaign", "toString(f.campaign)"),
      as("provider", "toString(f.provider)"),
      as("address", "toString(f.address)"),
      as("pool", "toString(f.pool)"),
      as("class", "toString(f.class)"),
      as("data", "f.data"),
    ]);
  const suppressions = db.selectFrom("suppressions as s").where("s.account", "=", ANY)
    .where("s.listed", "=", 1).select([
      as("recipient", "s.recipient"),
      as("reason", "toString(s.reason)"),
      as("source", "s.source"),
      as("note", "s.note"),
      as("added_by", "toString(s.done_by)"),
      as("added_at", "s.at"),
    ]);
  const settings = Object.entries({ ...SETTINGS, use_query_condition_cache: 0 })
    .map(([name, to]) => `${name} = ${to}`).join(", ");
  const all = { messages, hits: allHits, events, suppressions };
  return Object.fromEntries(
    Object.entries(all).map(([name, query]) => [name, `${inline(query)} SETTINGS ${settings}`]),
  );
}

/** The query with its values in its text; the account's is taken by the account column itself. */
function inline(query: Compilable): string {
  const { sql: text, parameters } = query.compile();
  return text.replaceAll(/\{p(\d+):(\w+)\}/g, (_, n) => {
    const value = parameters[Number(n)];
    if (value === ANY) return "account";
    return literal(value as string | number);
  });
}
