/** What the API gives back: schemas for the OpenAPI document, and how rows become items. */
import { type Figures, HITS_OF_COPY, type MessageDetail, type MessageRow } from "@chappe/analytics";
import {
  CATALOGUE,
  type EventType,
  MessageReferencesSchema,
  RecipientFieldsSchema,
} from "@chappe/src/events";
import { STATUSES } from "@chappe/src/rules";
import * as z from "zod";

const Time = z.iso.datetime({ precision: 3 });
const count = z.int().nonnegative();
const ratio = z.number().min(0).max(1);

export const ReplyShape = z.strictObject({
  code: z.int(),
  enhanced: z.string().nullable().describe("RFC 3463, e.g. 5.1.1"),
  text: z.string(),
});

export const MessageItem = z.strictObject({
  id: z.uuid(),
  sender: z.string(),
  recipient: z.string(),
  name: z.string().nullable().describe("As To, Cc or the sender calls the recipient"),
  fields: RecipientFieldsSchema.describe("What the sender tells of the recipient"),
  recipientType: z.enum(["to", "cc", "bcc"]),
  subject: z.string(),
  sentAt: Time,
  status: z.enum(STATUSES),
  statusAt: Time,
  reply: ReplyShape.nullable().describe("Last reply of the remote server"),
  opened: z.boolean(),
  clicked: z.boolean(),
  address: z.string().nullable().describe("Source IP address of the last attempt"),
  pool: z.string().nullable(),
  domain: z.string(),
  provider: z.string().nullable(),
  campaign: z.string().nullable(),
  attempts: count,
  opens: count.describe("By people"),
  clicks: count,
  openedAt: Time.nullable().describe("The first open or click of a person"),
  clickedAt: Time.nullable(),
  headers: MessageReferencesSchema,
});
export type MessageItem = z.infer<typeof MessageItem>;

export const MessagePage = z.strictObject({
  items: z.array(MessageItem),
  next: z.string().nullable().describe("Give it back as `cursor`; null at the end"),
});

const EventItem = z.strictObject({
  id: z.string(),
  type: z.enum(Object.keys(CATALOGUE) as [EventType, ...EventType[]]),
  at: Time,
  data: z.record(z.string(), z.unknown()),
});

export const MessageDetailShape = z.strictObject({
  id: z.uuid(),
  sender: z.string(),
  subject: z.string(),
  messageId: z.string().describe("Message-ID header without brackets (RFC 5322)"),
  size: count.describe("Bytes as received"),
  sentAt: Time,
  headers: MessageReferencesSchema,
  files: z.array(z.strictObject({
    name: z.string(),
    type: z.string().describe("Media type, as the message gave it"),
    size: count.describe("Bytes"),
    downloads: count.describe(
      "Copies from which people fetched it; files of the same name count together",
    ),
  })).describe(
    "Attachments that the copies carry as links; a click on one has `attachment:` and the name as its `url`",
  ),
  recipients: z.array(z.strictObject({
    ...MessageItem.shape,
    events: z.array(EventItem)
      .describe(`In order of \`at\`; of opens and clicks the first ${HITS_OF_COPY}`),
    hasMoreHits: z.boolean()
      .describe("Whether there are more opens and clicks: `GET /hits` and its export have all"),
  })),
});

const rate = z.number().nonnegative();
const reactionRates = (share: z.ZodNumber) => ({ open: share, click: share, reactivity: rate });
const HitTotals = z.strictObject({
  opens: count,
  clicks: count,
  rates: z.strictObject(reactionRates(rate)),
});

export const FiguresShape = z.strictObject({
  sent: count,
  pending: count,
  deferred: count,
  delivered: count.describe("Every copy that was delivered, whatever came after"),
  opened: count,
  clicked: count,
  softBounced: count,
  cancelled: count,
  complained: count,
  blacklisted: count,
  unsubscribed: count,
  rates: z.strictObject({
    ...reactionRates(ratio),
    bounce: ratio,
    spam: ratio,
    unsubscribe: ratio,
  }),
  totals: HitTotals.describe("Every hit of people; reactivity by copies opened"),
  machine: z.strictObject({ opened: count, clicked: count, opens: count, clicks: count })
    .describe("Copies, and hits, of proxies and scanners"),
  all: z.strictObject({
    opened: count,
    clicked: count,
    rates: z.strictObject(reactionRates(ratio)),
    totals: HitTotals,
  }).describe("People and machines together"),
}) satisfies z.ZodType<Figures>;

export const StatsShape = z.strictObject({
  items: z.array(z.strictObject({ key: z.string(), ...FiguresShape.shape })),
  total: FiguresShape,
});

const NO_REFERENCES = MessageReferencesSchema.parse({});
const iso = (at: number) => new Date(at).toISOString();

export function messageItem(row: MessageRow): MessageItem {
  return {
    id: row.id,
    sender: row.sender,
    recipient: row.recipient,
    name: row.name,
    fields: row.fields,
    recipientType: row.recipientType,
    subject: row.subject,
    sentAt: iso(row.sentAt),
    status: row.status,
    statusAt: iso(row.statusAt),
    reply: row.reply,
    opened: row.opened,
    clicked: row.clicked,
    address: row.address,
    pool: row.pool,
    domain: row.domain,
    provider: row.provider,
    campaign: row.campaign,
    attempts: row.attempts,
    opens: row.opens,
    clicks: row.clicks,
    openedAt: row.openedAt === null ? null : iso(row.openedAt),
    clickedAt: row.clickedAt === null ? null : iso(row.clickedAt),
    headers: { ...NO_REFERENCES, ...row.headers },
  };
}

export function messageDetail(detail: MessageDetail): z.infer<typeof MessageDetailShape> {
  return {
    id: detail.id,
    sender: detail.sender,
    subject: detail.subject,
    messageId: detail.messageId,
    size: detail.size,
    sentAt: iso(detail.sentAt),
    headers: { ...NO_REFERENCES, ...detail.references },
    files: detail.files,
    recipients: detail.recipients.map((recipient) => ({
      ...messageItem(recipient),
      events: recipient.events.map(({ id, type, at, data }) => ({ id, type, at: iso(at), data })),
      hasMoreHits: recipient.hasMoreHits,
    })),
  };
}
