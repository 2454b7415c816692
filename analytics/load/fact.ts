/**
 * The rows of the table `facts` that an event makes (schema/0001_facts.sql says what each column
 * is). Texts are escaped where they come in, once for all recipients.
 */
import { domainToASCII } from "node:url";
import { type Event, type Family, familyOf, type MessageReferences } from "@chappe/src/events";
import { recipientKey, statusKey, statusOf } from "@chappe/src/rules";
import { dayOf, dayOfMessage } from "../schema/day.ts";
import { isUuid } from "../schema/uuid.ts";
import { hitColumns, NO_HIT } from "./hit.ts";
import type { HitWindow } from "./hit_window.ts";
import { escape, seconds } from "./tsv.ts";

const NIL = "00000000-0000-0000-0000-000000000000";
/** Times beyond year 2248 are no times: rules/status packs 43 bits. */
const LATEST = 2 ** 43 - 1;

/** What no event says; a row is this, in this order, overlaid with what its event does say. */
const NOTHING = {
  at: "0.000",
  id: NIL,
  type: "",
  account: "",
  day: "1970-01-01",
  message: NIL,
  rcpt: -1,
  recipient: "",
  domain: "",
  campaign: "",
  kind: "",
  sender: "",
  subject: "",
  billing_code: "",
  customer_reference: "",
  headers: "",
  attempt: 0,
  address: "",
  pool: "",
  provider: "",
  mx: "",
  reply_code: 0,
  reply_enhanced: "",
  reply: "",
  class: "",
  bounce_kind: "",
  ...NO_HIT,
  status_key: 0,
  data: "{}",
  done_by: "",
};

/** One row, without its place in the log; texts as TabSeparated has them. */
type Fact = typeof NOTHING;

/** Where an event stands in the log, and the first commit of the insert it comes with. */
export interface Place {
  seq: number;
  idx: number;
  batch: number;
  /** ms UTC. */
  recorded: number;
}

export const COLUMNS: readonly string[] = [
  "seq",
  "idx",
  "batch",
  "recorded",
  ...Object.keys(NOTHING),
];

/**
 * The event's rows in TabSeparated, each with its line end: columns as in {@link COLUMNS}.
 * @param window of the hits before it; a hit is judged by it and taken into it
 * @throws {TypeError} when it has not the shape of its type, and ClickHouse would refuse its batch.
 */
export function linesOf(event: Event, place: Place, window: HitWindow): string[] {
  if (!isUuid(event.id) || !isUuid(event.message ?? NIL)) throw new TypeError("an id is no UUID");
  const { seq, idx, batch, recorded } = place;
  const start = `${seq}\t${idx}\t${batch}\t${seconds(recorded)}\t`;
  return factsOf(event, recorded, window)
    .map((fact) => `${start}${Object.values(fact).join("\t")}\n`);
}

/** Families about a recipient of the account, whatever the spelling of the address. */
const OF_LISTS: ReadonlySet<Family> = new Set(["suppression", "consent"]);

/** One row for each recipient of `message.accepted`, one for any other event. */
function factsOf(event: Event, recorded: number, window: HitWindow): Fact[] {
  const at = Math.min(event.at, LATEST);
  const given = event.recipient ?? "";
  const isListed = given !== "" && OF_LISTS.has(familyOf(event.type));
  const base: Fact = {
    ...NOTHING,
    at: seconds(at),
    id: event.id,
    type: escape(event.type),
    account: escape(event.account),
    day: event.message === undefined ? dayOf(at) : dayOfMessage(event.message),
    message: event.message ?? NIL,
    rcpt: event.rcpt ?? -1,
    recipient: escape(isListed ? recipientKey(given) : given),
    domain: escape(domainOf(given)),
    campaign: escape(event.campaign ?? ""),
    done_by: escape(event.by ?? ""),
  };
  const status = statusOf(event);
  if (status !== null) base.status_key = statusKey(status, at);
  // Settings hold hashes and sealed keys, which the pages never ask for.
  if (event.type.startsWith("settings.")) return [base];

  switch (event.type) {
    case "message.accepted": {
      const { recipients, ...data } = event.data;
      base.sender = escape(data.sender);
      base.subject = escape(data.subject);
      base.billing_code = escape(data.references.billingCode ?? "");
      base.customer_reference = escape(data.references.customerReference ?? "");
      base.headers = escape(headersOf(data.references));
      base.data = escape(JSON.stringify(data));
      return recipients.map(({ address, kind }, rcpt) => ({
        ...base,
        rcpt,
        recipient: escape(address),
        domain: escape(domainOf(address)),
        kind,
      }));
    }
    case "delivery.delivered":
    case "delivery.deferred":
    case "delivery.bounced":
    case "delivery.expired": {
      const { data } = event;
      base.attempt = data.attempt;
      base.address = escape(data.address ?? "");
      base.pool = escape(data.pool);
      base.provider = escape(data.provider);
      base.mx = escape(data.mx ?? "");
      if (data.reply !== null) {
        base.reply_code = data.reply.code;
        base.reply_enhanced = escape(data.reply.enhanced ?? "");
        base.reply = escape(JSON.stringify(data.reply));
      }
      if ("class" in data) base.class = data.class;
      if ("kind" in data) base.bounce_kind = data.kind;
      break;
    }
    case "engagement.opened":
    case "engagement.clicked": {
      Object.assign(base, hitColumns(event, { at, recorded }, window));
      // What a machine does says nothing about the recipient.
      if (base.machine === 1) base.status_key = 0;
    }
  }
  base.data = escape(JSON.stringify(event.data));
  return [base];
}

const NOT_ASCII = /[^ -~]/;

/** Domain of an address, lower case A-labels; as it stands where it cannot be one. */
function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return NOT_ASCII.test(domain) ? domainToASCII(domain) || domain : domain;
}

function headersOf(references: MessageReferences): string {
  return Object.values(references).some((value) => value !== null)
    ? JSON.stringify(references)
    : "";
}
