/** The rows of the table `facts` that an event makes (schema/0001_facts.sql says what each column is). */
import { domainToASCII } from "node:url";
import type { Event, MessageReferences } from "@chappe/src/events";
import { statusKey, statusOf } from "@chappe/src/rules";
import { dayOf, dayOfMessage } from "../schema/day.ts";
import { actorOf } from "./actor.ts";
import { type Actor, MACHINES } from "./actor_data.ts";

const NIL = "00000000-0000-0000-0000-000000000000";
/** Times beyond year 2248 are no times: rules/status packs 43 bits. */
const LATEST = 2 ** 43 - 1;

/** What no event says; a row is this, overlaid with what its event does say. */
const NOTHING = {
  at: 0,
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
  actor: "" as Actor | "",
  machine: 0,
  user_agent: "",
  ip: "",
  link: -1,
  url: "",
  status_key: 0,
  data: "{}",
};

/** One row, without its position in the log. */
export type Fact = typeof NOTHING;
export const FACT_COLUMNS = Object.keys(NOTHING) as readonly (keyof Fact)[];

/** One row for each recipient of `message.accepted`, one for any other event. */
export function factsOf(event: Event): Fact[] {
  const at = Math.min(event.at, LATEST);
  const base: Fact = {
    ...NOTHING,
    at,
    id: event.id,
    type: event.type,
    account: event.account,
    day: event.message === undefined ? dayOf(at) : dayOfMessage(event.message),
    message: event.message ?? NIL,
    rcpt: event.rcpt ?? -1,
    recipient: event.recipient ?? "",
    domain: domainOf(event.recipient ?? ""),
    campaign: event.campaign ?? "",
  };
  const status = statusOf(event);
  if (status !== null) base.status_key = statusKey(status, at);
  // Settings hold hashes and sealed keys, which the pages never ask for.
  if (event.type.startsWith("settings.")) return [base];

  switch (event.type) {
    case "message.accepted": {
      const { recipients, ...data } = event.data;
      base.sender = data.sender;
      base.subject = data.subject;
      base.billing_code = data.references.billingCode ?? "";
      base.customer_reference = data.references.customerReference ?? "";
      base.headers = headersOf(data.references);
      base.data = JSON.stringify(data);
      return recipients.map(({ address, kind }, rcpt) => ({
        ...base,
        rcpt,
        recipient: address,
        domain: domainOf(address),
        kind,
      }));
    }
    case "delivery.delivered":
    case "delivery.deferred":
    case "delivery.bounced":
    case "delivery.expired": {
      const { data } = event;
      base.attempt = data.attempt;
      base.address = data.address ?? "";
      base.pool = data.pool;
      base.provider = data.provider;
      base.mx = data.mx ?? "";
      if (data.reply !== null) {
        base.reply_code = data.reply.code;
        base.reply_enhanced = data.reply.enhanced ?? "";
        base.reply = JSON.stringify(data.reply);
      }
      if ("class" in data) base.class = data.class;
      if ("kind" in data) base.bounce_kind = data.kind;
      break;
    }
    case "engagement.opened":
    case "engagement.clicked": {
      const { data } = event;
      base.actor = actorOf(data);
      // What a machine does says nothing about the recipient.
      if (MACHINES.has(base.actor)) {
        base.machine = 1;
        base.status_key = 0;
      }
      base.user_agent = data.userAgent;
      base.ip = data.ip;
      if ("link" in data) {
        base.link = data.link;
        base.url = data.url;
      }
    }
  }
  base.data = JSON.stringify(event.data);
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
