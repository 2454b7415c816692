/**
 * A warm-up before it happens: the same calendar, allowances, choice of address and decisions at the
 * end of each day as in production, over made-up or past mail.
 *
 * It goes by the minute, and is exact nonetheless: all that a choice depends on changes at the start
 * of a minute (slots, hours, days), so the messages of one minute meet the same allowances; and
 * `routeMany` gives each address just what one choice after the other would.
 */
import { STANDARD_RETRY } from "../rules/mod.ts";
import { advance, ADVANCE_RULES, type AdvanceRules, capOfDay, standingAfter } from "./advance.ts";
import type { ArrivalsOf, Arrived } from "./arrivals.ts";
import type { Calendar } from "./calendar.ts";
import { NO_SENDING, type SendingState, type SourceAddress, type Standing } from "./model.ts";
import { quotasOf } from "./quota.ts";
import { type Look, routeMany } from "./route.ts";
import { dateOf, DAY, HOUR, MINUTE, startOf } from "./time.ts";
import { viewOf } from "./view.ts";

export interface Scenario {
  /** Start of the first UTC day, ms. */
  readonly start: number;
  readonly days: number;
  readonly arrivals: ArrivalsOf;
  /** New dedicated addresses, on day 1 of the calendar on the first day. */
  readonly addresses: number;
  readonly calendar: Calendar;
  /** Whether the surplus goes to shared addresses; else it waits. */
  readonly overflow: boolean;
  /** How mail is received, as shares of what is sent. */
  readonly received: {
    readonly bounced: number;
    readonly deferred: number;
    readonly complained: number;
  };
  readonly rules?: AdvanceRules;
}

export interface Flow {
  readonly arrived: number;
  readonly dedicated: number;
  readonly overflow: number;
  /** At the end of the time. */
  readonly waiting: number;
}
export interface HourRow extends Flow {
  readonly at: number;
}
export interface DayRow extends Flow {
  readonly date: string;
  /** Waited for three days, and were given up. */
  readonly givenUp: number;
  /** The longest that one sent on this day had waited, ms. */
  readonly longestWaitMs: number;
  readonly addresses: readonly {
    /** Day of the calendar; null: warm. */
    readonly day: number | null;
    readonly cap: number | null;
    readonly sent: number;
    /** What was decided at the end of the day. */
    readonly words: string | null;
  }[];
}
export interface Simulation {
  readonly days: readonly DayRow[];
  readonly hours: readonly HourRow[];
  /** First day on which no address has a cap; null: not within the time. */
  readonly warmOn: string | null;
  /** From this day on nothing overflows or waits; null: not within the time. */
  readonly carriesAllFrom: string | null;
}

const ACCOUNT = "simulated";

/** @throws {RangeError} on numbers that make no sense */
export function simulate(scenario: Scenario): Simulation {
  const { start, days, addresses, received } = scenario;
  if (start % DAY !== 0) throw new RangeError("the start is not the start of a UTC day");
  if (!(Number.isInteger(days) && days >= 1 && days <= 1000)) {
    throw new RangeError("1 to 1000 days");
  }
  if (!(Number.isInteger(addresses) && addresses >= 1 && addresses <= 100)) {
    throw new RangeError("1 to 100 addresses");
  }
  if (Object.values(received).some((share) => !(share >= 0 && share <= 1))) {
    throw new RangeError("a share is between 0 and 1");
  }
  const run = new Run(scenario);
  for (let i = 0; i < days; i++) run.day(start + i * DAY);
  const clean = run.days.findLastIndex((row) => row.overflow + row.waiting + row.givenUp > 0) + 1;
  const warm = run.days.find((row) => row.addresses.every(({ day }) => day === null));
  return {
    days: run.days,
    hours: run.hours,
    warmOn: warm?.date ?? null,
    carriesAllFrom: run.days[clean]?.date ?? null,
  };
}

class Run {
  readonly days: DayRow[] = [];
  readonly hours: HourRow[] = [];
  #state: SendingState;
  /** Of the current hour, by counter and by address. */
  readonly #taken = new Map<string, number>();
  /** Of the current day. */
  #sent = new Map<string, number>();
  /** By provider, longest first. */
  readonly #queues = new Map<string, { since: number; count: number }[]>();
  #givenUp = 0;
  #longestWaitMs = 0;

  constructor(readonly scenario: Scenario) {
    const { calendar, addresses, overflow, start } = scenario;
    const sources = Array.from({ length: addresses }, (_, i): [string, SourceAddress] => {
      const ip = `address-${String(i + 1).padStart(3, "0")}`;
      const state = { kind: "warming", day: 1, since: start } as const;
      const rest = { ehlo: ip, pool: ACCOUNT, calendar: calendar.name, listed: new Set<string>() };
      return [ip, { ip, state, ...rest }];
    });
    this.#state = {
      ...NO_SENDING,
      addresses: new Map(sources),
      calendars: new Map([[calendar.name, calendar]]),
      pools: new Map(NO_SENDING.pools)
        .set(ACCOUNT, { name: ACCOUNT, kind: "dedicated", owner: ACCOUNT }),
      assignments: new Map([[ACCOUNT, { pools: [ACCOUNT], overflow: overflow ? "shared" : null }]]),
    };
  }

  day(day: number): void {
    this.#sent = new Map();
    this.#givenUp = this.#longestWaitMs = 0;
    const arrivals = this.scenario.arrivals(day)[Symbol.iterator]();
    let next = arrivals.next();
    const first = this.hours.length;
    for (let hour = day; hour < day + DAY; hour += HOUR) {
      this.#taken.clear();
      const flow = { arrived: 0, dedicated: 0, overflow: 0 };
      for (let at = hour; at < hour + HOUR; at += MINUTE) {
        while (!next.done && next.value.at < at + MINUTE) {
          flow.arrived += next.value.count;
          this.#enqueue(next.value);
          next = arrivals.next();
        }
        for (const provider of this.#queues.keys()) this.#send(provider, at, flow);
      }
      this.hours.push({ at: hour, ...flow, waiting: this.#waiting() });
    }
    this.#endOf(day, this.hours.slice(first));
  }

  #enqueue({ at, provider, count }: Arrived): void {
    const queue = this.#queues.get(provider) ?? [];
    queue.push({ since: at, count });
    this.#queues.set(provider, queue);
  }

  #send(provider: string, at: number, flow: { dedicated: number; overflow: number }): void {
    const queue = this.#queues.get(provider)!;
    while (queue.length > 0 && at - queue[0]!.since >= STANDARD_RETRY.giveUpAfter) {
      this.#givenUp += queue.shift()!.count;
    }
    const count = queue.reduce((sum, batch) => sum + batch.count, 0);
    if (count === 0) return;
    const question = { account: ACCOUNT, provider, at };
    const { shares, waiting } = routeMany(this.#state, question, this.#look, count);
    for (const { candidate: { ip }, count } of shares) {
      if (ip === null) flow.overflow += count;
      else flow.dedicated += count;
      this.#record(ip, provider, at, count);
    }
    this.#dequeue(queue, count - waiting, at);
  }

  #dequeue(queue: { since: number; count: number }[], count: number, at: number): void {
    for (let left = count; left > 0;) {
      const batch = queue[0]!;
      this.#longestWaitMs = Math.max(this.#longestWaitMs, at - batch.since);
      const part = Math.min(left, batch.count);
      left -= part;
      batch.count -= part;
      if (batch.count === 0) queue.shift();
    }
  }

  #record(ip: string | null, provider: string, at: number, count: number): void {
    const source = ip === null ? undefined : this.#state.addresses.get(ip);
    const keys = source === undefined
      ? []
      : quotasOf(this.#state, source, provider, at).map(({ key }) => key);
    for (const key of [...keys, ip ?? ""]) {
      this.#taken.set(key, (this.#taken.get(key) ?? 0) + count);
    }
    if (ip !== null) this.#sent.set(ip, (this.#sent.get(ip) ?? 0) + count);
  }

  readonly #look: Look = ({ ip }, { provider, at }) => {
    const source = ip === null ? undefined : this.#state.addresses.get(ip);
    const quotas = source === undefined ? [] : quotasOf(this.#state, source, provider, at);
    const leftOf = ({ key, limit }: { key: string; limit: number }) =>
      Math.max(0, limit - (this.#taken.get(key) ?? 0));
    return viewOf(quotas, leftOf, { warm: this.#taken.get(ip ?? "") ?? 0, paceAt: at });
  };

  #waiting(): number {
    return [...this.#queues.values()].flat().reduce((sum, { count }) => sum + count, 0);
  }

  #endOf(day: number, hours: readonly HourRow[]): void {
    const { calendar, received, rules = ADVANCE_RULES } = this.scenario;
    const after = new Map<string, SourceAddress>();
    const rows = [...this.#state.addresses].map(([ip, source]) => {
      const sent = this.#sent.get(ip) ?? 0;
      const held = capOfDay(calendar, source.state as Standing, day);
      const share = (of: number) => Math.round(sent * of);
      const report = {
        sent,
        bounced: share(received.bounced),
        deferred: share(received.deferred),
        complained: share(received.complained),
      };
      const decision = held && advance({ calendar, ...held, report }, rules);
      const state = decision ? standingAfter(decision, startOf(day, DAY) + DAY) : source.state;
      after.set(ip, { ...source, state });
      return {
        day: held?.day ?? null,
        cap: held?.cap ?? null,
        sent,
        words: decision?.words ?? null,
      };
    });
    this.#state = { ...this.#state, addresses: after };
    const sum = (what: "arrived" | "dedicated" | "overflow") =>
      hours.reduce((total, hour) => total + hour[what], 0);
    this.days.push({
      date: dateOf(day),
      arrived: sum("arrived"),
      dedicated: sum("dedicated"),
      overflow: sum("overflow"),
      waiting: hours.at(-1)!.waiting,
      givenUp: this.#givenUp,
      longestWaitMs: this.#longestWaitMs,
      addresses: rows,
    });
  }
}
