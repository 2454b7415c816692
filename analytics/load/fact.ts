/**
 * The rows of the table `facts` that an event makes (schema/0001_facts.sql says what each column
 * is). Columns that an event says together are written together, and as one text where it does not
 * speak of them: most say nothing of most columns.
 */
import { domainToASCII } from "node:url";
import { type Event, type Family, familyOf, type MessageReferences } from "@chappe/src/events";
import { recipientKey, statusKey, statusOf } from "@chappe/src/rules";
import { dayOf, dayOfMessage } from "../schema/day.ts";
import { isUuid } from "../schema/uuid.ts";
import { ATTEMPT_COLUMNS, attemptCells, NO_ATTEMPT } from "./attempt.ts";
import { HIT_COLUMNS, hitCells, NO_HIT } from "./hit.ts";
import type { HitWindow } from "./hit_window.ts";
import { escape, escapeJson, seconds } from "./tsv.ts";

const NIL = "00000000-0000-0000-0000-000000000000";
/** Times beyond year 2248 are no times: rules/status packs 43 bits. */
const LATEST = 2 ** 43 - 1;

/** Where an event stands in the log, and the first commit of the insert it comes with. */
export interface Place {
  seq: number;
  idx: number;
  batch: number;
  /** ms UTC. */
  recorded: number;
}

const MESSAGE_COLUMNS = [
  "sender",
  "subject",
  "billing_code",
  "customer_reference",
  "headers",
] as const;

/** What events other than message.accepted say of a message. */
const NO_MESSAGE = "\t\t\t\t";

export const COLUMNS: readonly string[] = [
  ...["seq", "idx", "batch", "recorded"],
  ...["at", "id", "type", "account", "day", "message", "campaign", "done_by"],
  ...["rcpt", "recipient", "domain", "kind", "name", "fields"],
  ...MESSAGE_COLUMNS,
  ...ATTEMPT_COLUMNS,
  ...HIT_COLUMNS,
  ...["status_key", "data"],
];

/**
 * The event's rows in TabSeparated, each with its line end: columns as in {@link COLUMNS}. One row
 * for each recipient of `message.accepted`, one for any other event.
 * @param window of the hits before it; a hit is judged by it and taken into it
 * @throws {TypeError} when it has not the shape of its type, and ClickHouse would refuse its batch.
 */
export function linesOf(event: Event, place: Place, window: HitWindow): string[] {
  const { message = NIL } = event;
  if (!isUuid(event.id) || !isUuid(message)) throw new TypeError("an id is no UUID");
  const { seq, idx, batch, recorded } = place;
  const at = Math.min(event.at, LATEST);
  const day = event.message === undefined ? dayOf(at) : dayOfMessage(message);
  const start = `${seq}\t${idx}\t${batch}\t${seconds(recorded)}\t` +
    `${seconds(at)}\t${event.id}\t${escape(event.type)}\t${escape(event.account)}\t${day}\t` +
    `${message}\t${escape(event.campaign ?? "")}\t${escape(event.by ?? "")}`;
  const end = said(event, at, recorded, window);
  return recipientsOf(event).map((recipient) => `${start}\t${recipient}\t${end}\n`);
}

/** Families about a recipient of the account, whatever the spelling of the address. */
const OF_LISTS: ReadonlySet<Family> = new Set(["suppression", "consent"]);

function recipientsOf(event: Event): string[] {
  if (event.type === "message.accepted") {
    return event.data.recipients.map(({ address, kind, name = "", fields }, rcpt) => {
      const own = fields === undefined ? "" : json(fields);
      return `${recipientCells(rcpt, address, address, kind)}\t${escape(name)}\t${own}`;
    });
  }
  const given = event.recipient ?? "";
  const isListed = given !== "" && OF_LISTS.has(familyOf(event.type));
  return [
    recipientCells(event.rcpt ?? -1, isListed ? recipientKey(given) : given, given, "") + "\t\t",
  ];
}

function recipientCells(rcpt: number, recipient: string, address: string, kind: string): string {
  return `${rcpt}\t${escape(recipient)}\t${escape(domainOf(address))}\t${kind}`;
}

/** The columns that events of some types say, and the last two. */
function said(event: Event, at: number, recorded: number, window: HitWindow): string {
  const status = statusOf(event);
  const key = status === null ? 0 : statusKey(status, at);
  // Settings hold hashes and sealed keys, which the pages never ask for.
  if (event.type.startsWith("settings.")) {
    return `${NO_MESSAGE}\t${NO_ATTEMPT}\t${NO_HIT}\t${key}\t{}`;
  }
  switch (event.type) {
    case "message.accepted": {
      const { recipients: _, ...data } = event.data;
      return `${messageCells(data)}\t${NO_ATTEMPT}\t${NO_HIT}\t${key}\t${json(data)}`;
    }
    case "delivery.delivered":
    case "delivery.deferred":
    case "delivery.bounced":
    case "delivery.expired":
      return `${NO_MESSAGE}\t${attemptCells(event)}\t${NO_HIT}\t${key}\t${json(event.data)}`;
    case "engagement.opened":
    case "engagement.clicked": {
      const { text, isMachine } = hitCells(event, { at, recorded }, window);
      // What a machine does says nothing about the recipient.
      return `${NO_MESSAGE}\t${NO_ATTEMPT}\t${text}\t${isMachine ? 0 : key}\t${json(event.data)}`;
    }
    default:
      return `${NO_MESSAGE}\t${NO_ATTEMPT}\t${NO_HIT}\t${key}\t${json(event.data)}`;
  }
}

const json = (data: unknown) => escapeJson(JSON.stringify(data));

/** What stands in {@link MESSAGE_COLUMNS}. */
function messageCells(
  { sender, subject, references }: Pick<
    Event<"message.accepted">["data"],
    "sender" | "subject" | "references"
  >,
): string {
  const { billingCode, customerReference } = references;
  return `${escape(sender)}\t${escape(subject)}\t${escape(billingCode ?? "")}\t` +
    `${escape(customerReference ?? "")}\t${escapeJson(headersOf(references))}`;
}

function headersOf(references: MessageReferences): string {
  return Object.values(references).some((value) => value !== null)
    ? JSON.stringify(references)
    : "";
}

const NOT_ASCII = /[^ -~]/;

/** Domain of an address, lower case A-labels; as it stands where it cannot be one. */
function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return NOT_ASCII.test(domain) ? domainToASCII(domain) || domain : domain;
}
