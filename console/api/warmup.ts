/** How an address warms up: what is planned, what was done, what was decided and why. */
import { planOf, readHistory, standingOf } from "@chappe/src/addresses";
import {
  calendarOf,
  dateOf,
  DAY,
  HOUR,
  hourCap,
  releasedBy,
  type SendingState,
  type SourceAddress,
  startOf,
} from "@chappe/src/sending";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { AddressItem, addressItem } from "./addresses.ts";
import { CalendarShape } from "./calendars.ts";
import { iso, Time } from "./lists.ts";
import { type Route, route } from "./route.ts";
import { ownAddress } from "./seen_sources.ts";

/** Planned days shown at the most. */
const PLANNED = 60;

const count = z.int().nonnegative();
const cap = count.nullable().describe("The most it might send; null: no cap");
const FigureShape = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
const done = {
  sent: count.describe("Attempts that a server answered"),
  delivered: count,
  deferred: count,
  bounced: count,
  overflow: count.describe("What the pool's accounts sent from other pools"),
};

const Warmup = z.strictObject({
  ...AddressItem.shape,
  calendar: CalendarShape,
  today: z.strictObject({
    date: z.iso.date(),
    cap,
    sent: count,
    hour: z.strictObject({
      at: Time,
      cap,
      released: cap.describe("How much of it may have been sent by now"),
      sent: count,
    }),
  }),
  plan: z.array(z.strictObject({
    date: z.iso.date(),
    day: z.int(),
    cap: count,
    hours: z.array(count).length(24),
  })).describe("Today and the days to come, if each is used and well received"),
  days: z.array(z.strictObject({
    date: z.iso.date(),
    day: z.int().nullable(),
    cap,
    ...done,
  })),
  hours: z.array(z.strictObject({ at: Time, cap, ...done })),
  decisions: z.array(z.strictObject({
    at: Time,
    type: z.string(),
    rule: z.string().nullable(),
    figures: FigureShape,
    words: z.string(),
    by: z.string().nullable(),
  })).describe("Newest first"),
});
type Warmup = z.infer<typeof Warmup>;
type Hour = Warmup["hours"][number];

const WarmupQuery = z.strictObject({
  days: z.coerce.number<string>().int().min(1).max(31).default(7)
    .describe("How many of the last UTC days, with today"),
});

export function warmup(
  { queries, events, sending, now }: Pick<ConsoleDeps, "queries" | "events" | "sending" | "now">,
): Route[] {
  return [
    route({
      method: "get",
      path: "/addresses/{address}/warmup",
      id: "getWarmup",
      summary: "Plan, what was sent by day and hour, overflow, and decisions with their figures",
      role: "analyst",
      query: WarmupQuery,
      answer: { status: 200, name: "Warmup", schema: Warmup },
      problems: [403],
      async handle({ account, query, param }) {
        const state = sending.now;
        const source = ownAddress(state, account, param("address"));
        const at = now();
        const today = startOf(at, DAY);
        const range = { from: today - (query.days - 1) * DAY, to: startOf(at, HOUR) + HOUR };
        const besides = { accounts: accountsOf(state, source), pool: source.pool };
        const [history, own, others] = await Promise.all([
          readHistory(events, source.ip),
          queries.attempts({ address: source.ip, ...range }),
          besides.accounts.length === 0 ? [] : queries.attempts({ besides, ...range }),
        ]);
        const capOf = (time: number) => history.days.get(dateOf(time))?.cap ?? Infinity;
        const hours = hoursOf(range, own, others, capOf);
        const item = addressItem(state, source, at);
        const dayCap = item.dayCap ?? Infinity;
        const current = hours.at(-1)!;
        return {
          ...item,
          calendar: calendarShape(state, source),
          today: {
            date: dateOf(at),
            cap: finite(dayCap),
            sent: sum(hours.filter((hour) => Date.parse(hour.at) >= today), "sent"),
            hour: {
              at: current.at,
              cap: finite(hourCap(dayCap, new Date(at).getUTCHours())),
              released: finite(releasedBy(dayCap, at)),
              sent: current.sent,
            },
          },
          plan: planOf(calendarOf(state, source), standingOf(state, source.ip, at), at, PLANNED)
            .map((day) => ({ ...day, hours: [...day.hours] })),
          days: daysOf(range.from, query.days, hours, history.days),
          hours,
          decisions: history.decisions.toReversed()
            .map((decision) => ({ ...decision, at: iso(decision.at) })),
        };
      },
    }),
  ];
}

/** Whose mail may leave from the pool of the address, where it is not everybody's. */
function accountsOf({ pools, assignments }: SendingState, { pool }: SourceAddress): string[] {
  if (pools.get(pool)?.kind !== "dedicated") return [];
  return [...assignments].filter(([, own]) => own.pools.includes(pool)).map(([account]) => account);
}

interface Attempts {
  readonly at: number;
  readonly sent: number;
  readonly delivered: number;
  readonly deferred: number;
  readonly bounced: number;
}

function hoursOf(
  { from, to }: { from: number; to: number },
  own: readonly Attempts[],
  others: readonly Attempts[],
  capOf: (at: number) => number,
): Hour[] {
  const [sent, overflow] = [own, others].map((rows) => Map.groupBy(rows, ({ at }) => at));
  const hours: Hour[] = [];
  for (let at = from; at < to; at += HOUR) {
    const rows = sent!.get(at) ?? [];
    hours.push({
      at: iso(at),
      cap: finite(hourCap(capOf(at), at % DAY / HOUR)),
      sent: sum(rows, "sent"),
      delivered: sum(rows, "delivered"),
      deferred: sum(rows, "deferred"),
      bounced: sum(rows, "bounced"),
      overflow: sum(overflow!.get(at) ?? [], "sent"),
    });
  }
  return hours;
}

function daysOf(
  from: number,
  days: number,
  hours: readonly Hour[],
  known: ReadonlyMap<string, { day: number; cap: number }>,
): Warmup["days"] {
  return Array.from({ length: days }, (_, i) => {
    const date = dateOf(from + i * DAY);
    const rows = hours.filter(({ at }) => at.startsWith(date));
    const { day = null, cap = null } = known.get(date) ?? {};
    return {
      date,
      day,
      cap,
      sent: sum(rows, "sent"),
      delivered: sum(rows, "delivered"),
      deferred: sum(rows, "deferred"),
      bounced: sum(rows, "bounced"),
      overflow: sum(rows, "overflow"),
    };
  });
}

function calendarShape(state: SendingState, source: SourceAddress): z.infer<typeof CalendarShape> {
  const { name, days, ...rest } = calendarOf(state, source);
  return { calendar: name, days: [...days], ...rest, providers: { ...rest.providers } };
}

function sum<K extends string>(rows: readonly { readonly [k in K]: number }[], what: K): number {
  return rows.reduce((total, row) => total + row[what], 0);
}

function finite(cap: number): number | null {
  return cap === Infinity ? null : cap;
}
