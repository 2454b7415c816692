/** For tests: what lists and figures must say, worked out from the events one by one, in memory. */
import type { Event, Reply } from "@chappe/src/events";
import type { Status } from "@chappe/src/rules";
import { SCANNERS } from "./traffic.ts";

export interface NaiveDelivery {
  account: string;
  id: string;
  rcpt: number;
  sender: string;
  recipient: string;
  name: string;
  fields: Record<string, string>;
  subject: string;
  kind: string;
  sentAt: number;
  campaign: string;
  billingCode: string;
  reference: string;
  attention3: string | null;
  status: Status;
  statusAt: number;
  attempt: number;
  attemptAt: number;
  address: string | null;
  pool: string | null;
  provider: string;
  reply: Reply | null;
  /** Why it did not arrive; empty when it did. */
  bounceClass: string;
  delivered: boolean;
  opened: boolean;
  clicked: boolean;
  machineOpened: boolean;
  machineClicked: boolean;
  /** When people hit first. */
  openedAt: number | null;
  clickedAt: number | null;
  /** Ids of hits. */
  opens: Set<string>;
  clicks: Set<string>;
  machineOpens: Set<string>;
  machineClicks: Set<string>;
  complained: boolean;
  unsubscribed: boolean;
}

/** From weak to strong, as the status rule says. */
const STRENGTH: readonly Status[] = [
  "pending",
  "deferred",
  "delivered",
  "soft_bounced",
  "cancelled",
  "blacklisted",
  "opened",
  "clicked",
  "unsubscribed",
  "complained",
];
const MACHINE = ["Mozilla/5.0", "SkypeUriPreview"];

export function naive(events: readonly Event[]): NaiveDelivery[] {
  const all = new Map<string, NaiveDelivery>();
  for (const event of events) {
    if (event.type !== "message.accepted") continue;
    const { data, message, account, at } = event;
    data.recipients.forEach(({ address, kind, name = "", fields = {} }, rcpt) =>
      all.set(`${message} ${rcpt}`, {
        account,
        id: message!,
        rcpt,
        kind,
        sender: data.sender,
        recipient: address,
        name,
        fields,
        subject: data.subject,
        sentAt: at,
        campaign: event.campaign ?? "",
        billingCode: data.references.billingCode ?? "",
        reference: data.references.customerReference ?? "",
        attention3: data.references.attention3,
        status: "pending",
        statusAt: at,
        attempt: 0,
        attemptAt: 0,
        address: null,
        pool: null,
        provider: "",
        reply: null,
        bounceClass: "",
        delivered: false,
        opened: false,
        clicked: false,
        machineOpened: false,
        machineClicked: false,
        openedAt: null,
        clickedAt: null,
        opens: new Set(),
        clicks: new Set(),
        machineOpens: new Set(),
        machineClicks: new Set(),
        complained: false,
        unsubscribed: false,
      })
    );
  }
  for (const event of events) {
    const d = all.get(`${event.message} ${event.rcpt}`);
    if (d !== undefined) apply(d, event);
  }
  return [...all.values()];
}

function apply(d: NaiveDelivery, event: Event): void {
  const reach = (status: Status) => {
    const better = STRENGTH.indexOf(status) - STRENGTH.indexOf(d.status);
    if (better > 0 || (better === 0 && event.at > d.statusAt)) {
      d.status = status;
      d.statusAt = event.at;
    }
  };
  switch (event.type) {
    case "delivery.delivered":
    case "delivery.deferred":
    case "delivery.bounced":
    case "delivery.expired":
      if (event.at >= d.attemptAt) {
        d.attempt = event.data.attempt;
        d.attemptAt = event.at;
        d.address = event.data.address;
        d.pool = event.data.pool;
        d.provider = event.data.provider;
        d.reply = event.data.reply;
        d.bounceClass = event.type === "delivery.delivered" ? "" : event.data.class;
      }
      if (event.type === "delivery.delivered") {
        d.delivered = true;
        reach("delivered");
      } else if (event.type === "delivery.deferred") {
        reach(event.data.reply === null ? "pending" : "deferred");
      } else if (event.type === "delivery.bounced") {
        reach(event.data.kind === "soft" ? "soft_bounced" : "cancelled");
      } else reach("cancelled");
      break;
    case "delivery.suppressed":
      reach("blacklisted");
      break;
    case "engagement.opened":
      if (isMachine(event)) {
        d.machineOpened = true;
        d.machineOpens.add(event.id);
      } else {
        d.opened = true;
        d.openedAt = Math.min(d.openedAt ?? Infinity, event.at);
        d.opens.add(event.id);
        reach("opened");
      }
      break;
    case "engagement.clicked":
      if (isMachine(event)) {
        d.machineClicked = true;
        d.machineClicks.add(event.id);
      } else {
        d.opened = d.clicked = true;
        d.openedAt = Math.min(d.openedAt ?? Infinity, event.at);
        d.clickedAt = Math.min(d.clickedAt ?? Infinity, event.at);
        d.clicks.add(event.id);
        reach("clicked");
      }
      break;
    case "feedback.complained":
      d.complained = true;
      reach("complained");
      break;
    case "feedback.unsubscribed":
      d.unsubscribed = true;
      reach("unsubscribed");
  }
}

/**
 * Scanners show only in the sequence of their hits; here they are known by where they come from. No
 * browser that a person clicks in leaves its name out.
 */
export function isMachine(
  { type, data }: Event<"engagement.opened"> | Event<"engagement.clicked">,
) {
  return MACHINE.includes(data.userAgent) || data.ip === SCANNERS ||
    (type === "engagement.clicked" && data.userAgent === "");
}
