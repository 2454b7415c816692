/**
 * What the API must say, counted again from an export of the log (`chappe log export`) and nothing
 * else: no code of ours is used, so that a mistake in it cannot hide here as well. Who made a hit is
 * told by those who made it.
 */

/** A line of the export: what is needed of it. */
export interface Line {
  id: string;
  type: string;
  at: number;
  message?: string;
  rcpt?: number;
  // deno-lint-ignore no-explicit-any -- as the export has it: the checks here are what reads it
  data: any;
}

/** Of an accepted message. */
interface Recipient {
  address: string;
  kind: string;
  name?: string;
  fields?: Record<string, string>;
}

export interface Hit {
  at: number;
  kind: "open" | "click";
  /** No person made it. */
  machine: boolean;
  link: number;
  url: string;
  agent: string;
}

export interface Copy {
  message: string;
  rcpt: number;
  recipient: string;
  recipientType: string;
  name: string | null;
  fields: Record<string, string>;
  sender: string;
  subject: string;
  sentAt: number;
  billingCode: string | null;
  customerReference: string | null;
  /** Of the last attempt. */
  address: string | null;
  pool: string;
  provider: string;
  replyCode: number | null;
  /** Facts other than hits, by type. */
  seen: Set<string>;
  /** The last word on each kind of bounce. */
  bounced: { hard: boolean; soft: boolean };
  /** Put off by an answer of the other server. */
  deferred: boolean;
  hits: Hit[];
}

/** Every copy that was accepted. The same event may stand twice in the log: it counts once. */
export function recount(
  lines: readonly Line[],
  isMachine: (hit: Line, ofCopy: readonly Line[]) => boolean,
): Copy[] {
  const events = [...new Map(lines.map((line) => [line.id, line])).values()];
  const byCopy = Map.groupBy(events, ({ message, rcpt }) => `${message} ${rcpt}`);
  return events.filter(({ type }) => type === "message.accepted").flatMap((accepted) =>
    accepted.data.recipients.map(
      ({ address, kind, name, fields = {} }: Recipient, rcpt: number) => {
        const own = byCopy.get(`${accepted.message} ${rcpt}`) ?? [];
        const attempts = own.filter(({ data }) => data.attempt !== undefined && data.pool)
          .sort((a, b) => a.at - b.at);
        const last = attempts.at(-1)?.data;
        const of = (type: string) => own.filter((event) => event.type === type);
        const hits = [...of("engagement.opened"), ...of("engagement.clicked")];
        return {
          message: accepted.message!,
          rcpt,
          recipient: address,
          recipientType: kind,
          name: name ?? null,
          fields,
          sender: accepted.data.sender,
          subject: accepted.data.subject,
          sentAt: accepted.at,
          billingCode: accepted.data.references.billingCode,
          customerReference: accepted.data.references.customerReference,
          address: last?.address ?? null,
          pool: last?.pool ?? "",
          provider: last?.provider ?? "",
          replyCode: last?.reply?.code ?? null,
          seen: new Set(own.map(({ type }) => type)),
          bounced: {
            hard: of("delivery.bounced").some(({ data }) => data.kind === "hard"),
            soft: of("delivery.bounced").some(({ data }) => data.kind === "soft"),
          },
          deferred: of("delivery.deferred").some(({ data }) => data.reply !== null),
          hits: hits.map((hit) => ({
            at: hit.at,
            kind: hit.type === "engagement.opened" ? "open" : "click",
            machine: isMachine(hit, own),
            link: hit.data.link ?? -1,
            url: hit.data.url ?? "",
            agent: hit.data.userAgent,
          })),
        } satisfies Copy;
      },
    )
  );
}

/** A person opened it: by the pixel, or shown by a click. */
export const isOpened = ({ hits }: Copy) => hits.some(({ machine }) => !machine);
export const isClicked = ({ hits }: Copy) =>
  hits.some(({ kind, machine }) => kind === "click" && !machine);

/** The strongest that happened. */
export function statusOf(copy: Copy): string {
  const { seen, bounced } = copy;
  if (seen.has("feedback.complained")) return "complained";
  if (seen.has("feedback.unsubscribed")) return "unsubscribed";
  if (isClicked(copy)) return "clicked";
  if (isOpened(copy)) return "opened";
  if (seen.has("delivery.suppressed")) return "blacklisted";
  if (bounced.hard || seen.has("delivery.expired") || seen.has("delivery.cancelled")) {
    return "cancelled";
  }
  if (bounced.soft) return "soft_bounced";
  if (seen.has("delivery.delivered")) return "delivered";
  return copy.deferred ? "deferred" : "pending";
}

/** The figures of design and seeds over these copies, named as the API names them. */
export function figuresOf(copies: readonly Copy[]) {
  const count = (is: (copy: Copy) => boolean) => copies.filter(is).length;
  const standing = (status: string) => count((copy) => statusOf(copy) === status);
  const ofMachines = (kind: Hit["kind"]) =>
    copies.map(({ hits }) => hits.filter((hit) => hit.machine && hit.kind === kind).length)
      .filter((hits) => hits > 0);
  const [opens, clicks] = [ofMachines("open"), ofMachines("click")];
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
  const sent = copies.length - standing("blacklisted");
  const figures = {
    sent,
    pending: standing("pending"),
    deferred: standing("deferred"),
    delivered: count(({ seen }) => seen.has("delivery.delivered")),
    opened: count(isOpened),
    clicked: count(isClicked),
    softBounced: standing("soft_bounced"),
    cancelled: standing("cancelled"),
    complained: count(({ seen }) => seen.has("feedback.complained")),
    blacklisted: standing("blacklisted"),
    unsubscribed: count(({ seen }) => seen.has("feedback.unsubscribed")),
  };
  const share = (part: number, whole: number) => whole === 0 ? 0 : part / whole;
  return {
    ...figures,
    rates: {
      open: share(figures.opened, sent),
      click: share(figures.clicked, sent),
      reactivity: share(figures.clicked, figures.opened),
      bounce: share(figures.cancelled + figures.softBounced, sent),
      spam: share(figures.complained, sent),
      unsubscribe: share(figures.unsubscribed, sent),
    },
    machine: {
      opened: opens.length,
      clicked: clicks.length,
      opens: sum(opens),
      clicks: sum(clicks),
    },
  };
}
