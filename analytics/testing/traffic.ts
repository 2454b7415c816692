/** For tests and benches: a stream of events as a platform makes them, the same for the same seed. */
import {
  derivedId,
  type Event,
  event,
  type EventData,
  type EventType,
  MessageReferencesSchema,
} from "@chappe/src/events";

export const ACCOUNTS = ["demo", "o'brien; \\ {p0:String}"] as const;
export const PROVIDERS = ["gmail", "orange", "other"] as const;
export const HOSTILE = [
  "plain",
  "it's; DROP TABLE facts; --",
  'back\\slash \\\' "quoted"',
  "tab\tnew\nline\r\0nul",
  "? {p0:String} $1 %_",
  "été 漢字 🚀",
] as const;
/** What senders call fields of their own. */
export const OWN_NAMES = [
  "Ville",
  "it's; DROP TABLE facts; --",
  'back\\slash \\\' "quoted", a comma',
  "? {p0:String} $1 %_ ] d.fields['x'",
  "été 漢字 🚀",
] as const;
const AGENTS = [
  "Mozilla/5.0",
  "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
  "",
  "SkypeUriPreview",
];
const BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 " +
  "(KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
/** Where scanners come from that call themselves a browser, open a message and click all its links. */
export const SCANNERS = "198.51.100.0";
const MINUTE = 60_000;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomness(seed: number): () => number {
  let state = seed;
  return () => {
    state = state + 0x6d2b79f5 | 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 2 ** 32;
  };
}

/**
 * Events of `messages` messages, one every ten minutes from `start` (ms UTC) on, in the order they
 * happened; about one in twenty stands twice.
 */
export function traffic(seed: number, messages: number, start: number): Event[] {
  const random = randomness(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const chance = (p: number) => random() < p;
  const events: Event[] = [];

  for (let n = 0; n < messages; n++) {
    const accepted = start + n * 10 * MINUTE;
    const account = pick(ACCOUNTS);
    const id = uuidAt(accepted, seed, n);
    const campaign = chance(0.3) ? pick(["spring", "autumn"]) : undefined;
    const add = <T extends EventType>(
      type: T,
      rcpt: number | undefined,
      after: number,
      data: EventData<T>,
    ) => {
      const at = accepted + after;
      const made = event(
        type,
        {
          id: derivedId(seed, type, n, rcpt ?? "", after),
          account,
          at,
          message: id,
          rcpt,
          campaign,
        },
        data,
      );
      const stored = { ...made, recorded: at } as unknown as Event;
      events.push(stored);
      if (chance(0.05)) events.push(stored);
    };

    const kinds = ["to", "cc", "bcc"] as const;
    const recipients = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, rcpt) => ({
      address: `r${n % 17}.${rcpt}@${pick(["gmail.com", "Orange.FR", "münchen.example"])}`,
      kind: kinds[rcpt]!,
      ...n % 3 === 0 ? { name: HOSTILE[n % 4]!, fields: ownFields(n + rcpt) } : {},
    }));
    add("message.accepted", undefined, 0, {
      sender: `${pick(["news", "bills"])}@example.com`,
      recipients,
      from: "news@example.com",
      subject: `${pick(HOSTILE)} ${n % 5}`,
      messageId: `${n}@example.com`,
      size: 1000 + n,
      body: `body-${n}`,
      references: MessageReferencesSchema.parse(
        chance(0.5)
          ? {
            billingCode: pick(HOSTILE),
            customerReference: `ref-${n}`,
            attention3: `${HOSTILE[n % HOSTILE.length]}`,
          }
          : {},
      ),
      tracking: { mode: "full", opens: true, clicks: true },
      listUnsubscribe: "header",
      smtputf8: false,
      client: { ip: "127.0.0.1", ehlo: "client", tls: null, login: "demo" },
    });
    for (const [rcpt, { address }] of recipients.entries()) {
      const route = (attempt: number) => ({
        attempt,
        address: chance(0.1) ? null : pick(["192.0.2.1", "192.0.2.2"]),
        pool: pick(["shared", "dedicated"]),
        provider: pick(PROVIDERS),
        domain: address.split("@")[1]!.toLowerCase(),
        mx: "mx.example",
        tls: null,
        tookMs: 12,
        why: { rule: "default" },
      });
      const reply = (code: number, text: string) => ({ code, enhanced: null, text });
      const hit = {
        mode: "full" as const,
        userAgent: pick(AGENTS),
        hints: {},
        ip: "192.0.2.0",
        sinceSent: null,
      };
      if (chance(0.05)) {
        add("delivery.suppressed", rcpt, MINUTE, { reason: "complaint" });
        continue;
      }
      if (chance(0.1)) continue;
      let attempt = 1;
      for (; chance(0.2); attempt++) {
        const answer = chance(0.5) ? reply(451, pick(HOSTILE)) : null;
        add("delivery.deferred", rcpt, attempt * MINUTE, {
          ...route(attempt),
          reply: answer,
          error: answer === null ? "connection refused" : null,
          class: "greylisting",
          nextAttemptAt: accepted + (attempt + 1) * MINUTE,
        });
      }
      const last = { ...route(attempt), reply: reply(550, "5.1.1 no such user") };
      const error = null;
      if (chance(0.08)) {
        const kind = pick(["hard", "soft"] as const);
        const bounce = { error, class: "unknown-user" as const, kind, mode: "sync" as const };
        add("delivery.bounced", rcpt, attempt * MINUTE, { ...last, ...bounce });
        continue;
      }
      if (chance(0.03)) {
        add("delivery.expired", rcpt, attempt * MINUTE, { ...last, error, class: "rate" });
        continue;
      }
      add("delivery.delivered", rcpt, attempt * MINUTE, {
        ...route(attempt),
        reply: reply(250, `2.0.0 Ok: queued as ${n}; thanks`),
      });
      if (chance(0.1)) {
        const scan = { ...hit, userAgent: BROWSER, ip: SCANNERS };
        const after = attempt * MINUTE + 2_000;
        add("engagement.opened", rcpt, after, scan);
        for (const link of [0, 1, 2]) {
          const url = `https://e.example/${link}`;
          add("engagement.clicked", rcpt, after + 1_000 + link * 100, { ...scan, link, url });
        }
      }
      for (let i = 0; chance(0.4); i++) {
        add("engagement.opened", rcpt, (20 + i) * MINUTE, hit);
      }
      if (chance(0.2)) {
        add("engagement.clicked", rcpt, 30 * MINUTE, {
          ...hit,
          link: 3,
          url: "https://e.example/?a",
        });
      }
      if (chance(0.05)) add("feedback.unsubscribed", rcpt, 40 * MINUTE, { method: "page" });
      if (chance(0.05)) {
        const complaint = { feedbackType: "abuse", userAgent: "arf", source: "arf" as const };
        add("feedback.complained", rcpt, 50 * MINUTE, complaint);
      }
    }
  }
  return events.sort((a, b) => a.at - b.at);
}

function ownFields(n: number): Record<string, string> {
  return Object.fromEntries(
    OWN_NAMES.slice(n % 2).map((name, i) => [name, n % 5 === 0 ? "" : HOSTILE[(n + i) % 6]!]),
  );
}

/** A UUIDv7 that is the same for the same seed. */
function uuidAt(time: number, ...parts: number[]): string {
  const hex = time.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${derivedId(...parts).slice(15)}`;
}
