/** An event of a recipient's timeline, in words. */
import type { TimelineEvent } from "@chappe/analytics";
import type { EventData, Reply } from "@chappe/src/events";
import { UAParser } from "ua-parser-js";
import type { View } from "../../web/view.ts";
import { because } from "./because.ts";
import { type Hit, type Recorded, recordedOf } from "./recorded.ts";

export type Tone = "plain" | "good" | "wait" | "bad" | "seen";

export interface Fact {
  name: string;
  text: string;
  /** The whole of what `text` shortens. */
  title?: string;
  /** Set when the text is a web address to follow. */
  href?: string;
  /** What others wrote, in a line of its own. */
  wide?: boolean;
}

export interface Description {
  title: string;
  tone: Tone;
  facts: Fact[];
}

/** Events that this version cannot read show their data as they stand. */
export function describe(view: View, event: TimelineEvent): Description {
  const recorded = recordedOf(event);
  if (recorded !== null) return words(view, recorded);
  return { title: event.type, tone: "plain", facts: raw(event.data) };
}

function words(view: View, event: Recorded): Description {
  const { t, format } = view;
  const title = (t.event as Record<string, string>)[event.type] ?? event.type;
  switch (event.type) {
    case "message.accepted": {
      const { ip, tls, login } = event.data.client;
      const by = [ip, login === null ? "" : `${t.fact.login} ${login}`].filter(Boolean).join(", ");
      const facts = [fact(t.fact.client, by), fact(t.fact.tls, tls ?? t.fact.plain)];
      return { title, tone: "plain", facts };
    }
    case "delivery.delivered":
      return {
        title,
        tone: "good",
        facts: [...answer(view, event.data), ...route(view, event.data)],
      };
    case "delivery.deferred": {
      const { data } = event;
      const next = fact(
        t.fact.next,
        format.dateTime(data.nextAttemptAt),
        format.utc(data.nextAttemptAt),
      );
      return {
        title: data.reply === null ? t.event["delivery.unanswered"] : title,
        tone: "wait",
        facts: [...answer(view, data), reason(view, data.class), next, ...route(view, data)],
      };
    }
    case "delivery.bounced": {
      const { data } = event;
      // A notification tells what happened, not on which of our ways.
      const way = data.mode === "async" ? [fact(t.fact.reported, "")] : route(view, data);
      return {
        title: data.kind === "soft" ? t.event["delivery.bouncedSoft"] : title,
        tone: data.kind === "soft" ? "wait" : "bad",
        facts: [...answer(view, data), reason(view, data.class), ...way],
      };
    }
    case "delivery.expired":
      return {
        title,
        tone: "bad",
        facts: [
          ...answer(view, event.data),
          reason(view, event.data.class),
          ...route(view, event.data),
        ],
      };
    case "delivery.suppressed":
      return { title, tone: "bad", facts: [fact(t.fact.reason, event.data.reason)] };
    case "delivery.cancelled": {
      const { by, reason } = event.data;
      return { title, tone: "bad", facts: [fact(t.fact.by, by), fact(t.fact.reason, reason)] };
    }
    case "delivery.held": {
      const { until, provider, attempt, why } = event.data;
      const facts = [
        fact(t.fact.next, format.dateTime(until), format.utc(until)),
        fact(t.fact.provider, provider),
        fact(t.fact.attempt, format.number(attempt)),
        fact(t.fact.why, because(view, why)),
      ];
      return { title, tone: "wait", facts };
    }
    case "engagement.opened":
      return { title, tone: "seen", facts: hit(view, event.data) };
    case "engagement.clicked": {
      const facts = [followed(view, event.data.url), ...hit(view, event.data)];
      return { title, tone: "seen", facts };
    }
    case "feedback.complained":
      return { title, tone: "bad", facts: [fact(t.fact.feedback, event.data.feedbackType)] };
    case "feedback.unsubscribed":
      return { title, tone: "bad", facts: [fact(t.fact.method, t.method[event.data.method])] };
    default:
      return { title, tone: "plain", facts: raw(event.data) };
  }
}

const fact = (name: string, text: string, title?: string): Fact => ({ name, text, title });

function raw(data: Record<string, unknown>): Fact[] {
  return Object.entries(data).map(([name, value]) =>
    fact(name, typeof value === "string" ? value : JSON.stringify(value))
  );
}

export function replyText(reply: Reply): string {
  return [reply.code, reply.enhanced, reply.text].filter(Boolean).join(" ");
}

function answer(
  { t }: View,
  { reply, error }: { reply: Reply | null; error?: string | null },
): Fact[] {
  return [
    ...(reply === null ? [] : [{ ...fact(t.fact.reply, replyText(reply)), wide: true }]),
    ...(error ? [{ ...fact(t.fact.error, error), wide: true }] : []),
  ];
}

function reason({ t }: View, cause: EventData<"delivery.bounced">["class"]): Fact {
  return fact(t.fact.class, t.bounceClass[cause]);
}

function route(
  view: View,
  data: Omit<EventData<"delivery.delivered">, "reply">,
): Fact[] {
  const { t, format } = view;
  const { mx, tls, attempt, address, pool, provider, why, tookMs } = data;
  return [
    ...(mx === null ? [] : [fact(t.fact.server, mx)]),
    fact(t.fact.provider, provider),
    ...(mx === null ? [] : [
      fact(t.fact.tls, tls === null ? t.fact.plain : `${tls.version}, ${tls.cipher}`),
    ]),
    fact(t.fact.attempt, format.number(attempt)),
    fact(t.fact.address, `${address ?? t.fact.systemAddress} (${t.fact.pool} ${pool})`),
    fact(t.fact.took, format.duration(tookMs)),
    fact(t.fact.why, because(view, why)),
  ];
}

/** A link, or a file behind one: that has no address to follow. */
function followed({ t }: View, url: string): Fact {
  const file = /^attachment:(.+)$/.exec(url)?.[1];
  return file === undefined
    ? { name: t.fact.link, text: url, href: url, wide: true }
    : { name: t.fact.file, text: decodeURIComponent(file), wide: true };
}

function hit({ t }: View, data: Hit): Fact[] {
  if (data.mode === "date-only") return [fact(t.fact.private, "")];
  return [
    ...(data.actor === undefined
      ? []
      : [fact(t.fact.who, t.actor[data.actor] ?? data.actor, data.reason)]),
    ...(data.userAgent === ""
      ? []
      : [fact(t.fact.agent, agentName(data.userAgent), data.userAgent)]),
    ...(data.ip === "" ? [] : [fact(t.fact.network, data.ip)]),
  ];
}

function agentName(userAgent: string): string {
  const { browser, os } = UAParser(userAgent);
  const name = [browser.name, browser.version?.split(".")[0]].filter(Boolean).join(" ");
  const system = [os.name, os.version].filter(Boolean).join(" ");
  return [name, system].filter(Boolean).join(", ") || userAgent;
}
