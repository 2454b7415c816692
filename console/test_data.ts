/** For tests: what a console shows, as plain data. */
import type {
  ArrivalRow,
  AttemptRow,
  Bounces,
  Cell,
  Figures,
  Group,
  Heat,
  MessageDetail,
  MessageRow,
  OwnField,
  Reactions,
  ReputationRow,
  SendingHour,
  Series,
  Stats,
} from "@chappe/analytics";

export const NOW = Date.parse("2026-11-22T05:30:00Z");

const NO_TOTALS = { opens: 0, clicks: 0, rates: { open: 0, click: 0, reactivity: 0 } };
export const NO_FIGURES: Figures = {
  sent: 0,
  pending: 0,
  deferred: 0,
  delivered: 0,
  opened: 0,
  clicked: 0,
  softBounced: 0,
  cancelled: 0,
  complained: 0,
  blacklisted: 0,
  unsubscribed: 0,
  rates: { open: 0, click: 0, reactivity: 0, bounce: 0, spam: 0, unsubscribe: 0 },
  totals: NO_TOTALS,
  machine: { opened: 0, clicked: 0, opens: 0, clicks: 0 },
  all: { opened: 0, clicked: 0, rates: NO_TOTALS.rates, totals: NO_TOTALS },
};

/** What the ports hold. Tests fill it. */
export interface Data {
  /** By account. */
  messages: Record<string, MessageDetail[]>;
  groups: Group[];
  ownFields: OwnField[];
  series: Series;
  bounces: Bounces;
  heat: Heat;
  technical: Cell[];
  reactions: Reactions[];
  sendingHours: SendingHour[];
  stats: Stats;
  attempts: AttemptRow[];
  /** Attempts of other pools. */
  overflow: AttemptRow[];
  reputation: ReputationRow[];
  arrivals: ArrivalRow[];
  bodies: Record<string, Uint8Array>;
  mails: { seq: number; at: number; headers: Record<string, string>; raw: Uint8Array }[];
}

export function emptyData(): Data {
  return {
    messages: {},
    groups: [],
    ownFields: [],
    series: { items: [] },
    bounces: { items: [], total: { soft: 0, hard: 0, sent: 0 } },
    heat: { links: [], blocks: [], total: { recipients: 0, clicks: 0, machineClicks: 0 } },
    technical: [],
    reactions: [],
    sendingHours: [],
    stats: { items: [], total: NO_FIGURES },
    attempts: [],
    overflow: [],
    reputation: [],
    arrivals: [],
    bodies: {},
    mails: [],
  };
}

export function messageDetail(changes: Partial<MessageDetail & MessageRow> = {}): MessageDetail {
  const { id = "019e0000-0000-7000-8000-000000000001", sender = "shop@example.com" } = changes;
  const { subject = "Your order", sentAt = NOW - 60_000 } = changes;
  const row: MessageRow = {
    id,
    rcpt: 0,
    sender,
    recipient: "you@example.net",
    name: null,
    fields: {},
    recipientType: "to",
    subject,
    sentAt,
    status: "delivered",
    statusAt: sentAt + 1000,
    reply: { code: 250, enhanced: "2.0.0", text: "Ok: queued" },
    opened: false,
    clicked: false,
    address: "192.0.2.7",
    pool: "shared",
    domain: "example.net",
    provider: "other",
    campaign: null,
    attempts: 1,
    opens: 0,
    clicks: 0,
    openedAt: null,
    clickedAt: null,
    headers: { billingCode: "B7" },
  };
  return {
    id,
    sender,
    subject,
    messageId: "order@example.com",
    size: 4321,
    sentAt,
    body: "body-1",
    files: [{ name: "Price list.pdf", type: "application/pdf", size: 48_000, downloads: 3 }],
    references: { billingCode: "B7" },
    recipients: [{ ...row, ...changes, events: [], hasMoreHits: false }],
    ...changes,
  };
}
