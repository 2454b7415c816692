/** For tests: a log with a clock of its own, keepers on it, and made-up mail. */
import {
  type Event,
  event,
  type EventData,
  type EventType,
  type Family,
  type NewEvent,
  uuidv7,
} from "@chappe/src/events";
import { createDnsClient } from "@chappe/src/dns";
import { startTestNats, type TestNats } from "@chappe/src/embedded";
import { followSending } from "@chappe/src/follow";
import { connectStation, type Station } from "@chappe/src/log";
import { createLogger, createMetrics, type Metrics, SILENT } from "@chappe/src/runtime";
import { PLATFORM } from "@chappe/src/settings";
import { runKeeper } from "./keeper.ts";

/** A time in the past: the log's server dates what it holds by its own clock, which is later. */
export const START = Date.UTC(2026, 5, 1, 9);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface World extends AsyncDisposable {
  readonly station: Station;
  readonly nats: TestNats;
  /** Set it to let time pass, ms UTC. */
  now: number;
  append(...events: NewEvent[]): Promise<void>;
  /** Events of these families, in the order of the log. */
  read(...families: Family[]): Promise<Event[]>;
}

export async function startWorld(): Promise<World> {
  const nats = await startTestNats();
  const world = { now: START };
  const station = await connectStation({ url: nats.url, now: () => world.now, logger: SILENT });
  return Object.assign(world, {
    station,
    nats,
    append: async (...events: NewEvent[]) => void await station.events.append(events),
    async read(...families: Family[]) {
      const commits = await Array.fromAsync(station.events.read({ families }));
      return commits.flatMap(({ events }) => events);
    },
    async [Symbol.asyncDispose]() {
      await station.close();
      await nats[Symbol.asyncDispose]();
    },
  });
}

export interface TestKeeper extends AsyncDisposable {
  readonly lines: string[];
  readonly metrics: Metrics;
}

/** A node on the world's log. */
export async function startKeeper(world: World): Promise<TestKeeper> {
  const over = new AbortController();
  const { signal } = over;
  const now = () => world.now;
  const lines: string[] = [];
  const metrics = createMetrics();
  const { events } = world.station;
  const sending = await followSending({ events, signal, onError: () => {} });
  const running = runKeeper({
    station: world.station,
    sending,
    lists: [],
    dns: createDnsClient({ servers: [], now }),
    now,
    random: () => 0,
    logger: createLogger((line) => lines.push(line), now),
    metrics,
    signal,
    tickMs: 20,
  });
  return {
    lines,
    metrics,
    async [Symbol.asyncDispose]() {
      over.abort();
      await running;
    },
  };
}

export function fact<T extends EventType>(
  type: T,
  data: EventData<T>,
  at: number,
  more: { account?: string; message?: string; rcpt?: number } = {},
): NewEvent {
  return event(type, { id: uuidv7(at), account: PLATFORM, at, ...more }, data) as NewEvent;
}

/** An address of the pool `acme`: warming from `day` on, or warm. */
export function source(
  address: string,
  at: number,
  warming: { day: number; date: string } | null = null,
): NewEvent {
  return fact("settings.address-added", {
    address,
    ehlo: "out.acme.example",
    pool: "acme",
    calendar: "default",
    standing: warming === null ? { kind: "warm" } : { kind: "warming", ...warming },
  }, at);
}

/** What became of a copy of its own, in one attempt. */
export interface Mail {
  readonly at: number;
  readonly address?: string;
  readonly provider?: string;
}
const copyAt = (at: number) => ({ account: "shop", message: uuidv7(at), rcpt: 0 });
const routeOf = ({ address = "192.0.2.1", provider = "yahoo" }: Mail) => ({
  attempt: 1,
  address,
  pool: "acme",
  provider,
  domain: `${provider}.example`,
  mx: `mx.${provider}.example`,
  tls: null,
  tookMs: 1,
  why: { rule: "own-pool" },
});

export function delivered(mail: Mail): NewEvent {
  const reply = { code: 250, enhanced: "2.0.0", text: "ok" };
  return fact("delivery.delivered", { ...routeOf(mail), reply }, mail.at, copyAt(mail.at));
}

export function deferred(
  mail: Mail,
  text = "4.7.0 [TSS04] Messages temporarily deferred",
): NewEvent {
  return fact(
    "delivery.deferred",
    {
      ...routeOf(mail),
      reply: { code: 421, enhanced: "4.7.0", text },
      error: null,
      class: "rate",
      nextAttemptAt: mail.at + HOUR,
    },
    mail.at,
    copyAt(mail.at),
  );
}

export function bounced(mail: Mail): NewEvent {
  return fact(
    "delivery.bounced",
    {
      ...routeOf(mail),
      reply: { code: 550, enhanced: "5.7.1", text: "not wanted" },
      error: null,
      class: "spam",
      kind: "hard",
      mode: "sync",
    },
    mail.at,
    copyAt(mail.at),
  );
}

/** Told of a copy that was delivered. */
export function complained(of: NewEvent, at: number): NewEvent {
  return fact(
    "feedback.complained",
    { feedbackType: "abuse", userAgent: "x", source: "arf" },
    at,
    { account: of.account, message: of.message!, rcpt: of.rcpt! },
  );
}

export function bouncedLater(of: NewEvent, at: number): NewEvent {
  return fact(
    "delivery.bounced",
    {
      ...routeOf({ at }),
      address: null,
      pool: "",
      mx: null,
      reply: null,
      error: "told later",
      class: "spam",
      kind: "hard",
      mode: "async",
    },
    at,
    { account: of.account, message: of.message!, rcpt: of.rcpt! },
  );
}

export const times = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
