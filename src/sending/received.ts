/** What a delivery fact says about how its source address is received. */
import type { BounceClass, Event } from "../events/mod.ts";
import type { DayReport } from "./advance.ts";
import type { Counted } from "./rolling.ts";

export interface Received {
  readonly address: string;
  readonly provider: string;
  /** Null: a matter of the recipient or the moment, which says nothing about the address. */
  readonly what: Extract<Counted, "delivered" | "deferred" | "bounced"> | null;
  /** Whether it is an attempt of its own; a bounce that comes later (RFC 3464) is none. */
  readonly attempt: boolean;
}

/** Everybody is put off at first by those who greylist, and a full mailbox is full to all. */
const NEUTRAL: ReadonlySet<BounceClass> = new Set([
  "greylisting",
  "mailbox-full",
  "message-too-large",
  "dns",
]);

/** Null where no server answered, or the address was the system's choice. */
export function receivedOf(event: Event): Received | null {
  switch (event.type) {
    case "delivery.delivered":
    case "delivery.deferred":
    case "delivery.expired":
    case "delivery.bounced": {
      const { address, provider, reply } = event.data;
      const attempt = event.type !== "delivery.bounced" || event.data.mode === "sync";
      if (address === null || (attempt && reply === null)) return null;
      const what = verdictOf(event.type, "class" in event.data ? event.data.class : null);
      return { address, provider, what, attempt };
    }
    default:
      return null;
  }
}

/** @param bounceClass null of what was delivered */
export function verdictOf(
  type: "delivery.delivered" | "delivery.deferred" | "delivery.expired" | "delivery.bounced",
  bounceClass: BounceClass | null,
): Received["what"] {
  if (type === "delivery.delivered") return "delivered";
  if (bounceClass !== null && NEUTRAL.has(bounceClass)) return null;
  return type === "delivery.bounced" ? "bounced" : "deferred";
}

/** Adds one to the report of its address and day. Complaints name no address: whoever knows adds them. */
export function reported(report: DayReport, { what, attempt }: Received): DayReport {
  return {
    ...report,
    sent: report.sent + (attempt ? 1 : 0),
    bounced: report.bounced + (what === "bounced" ? 1 : 0),
    deferred: report.deferred + (what === "deferred" ? 1 : 0),
  };
}
