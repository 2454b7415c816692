/** Warm-up calendars: how much a new address may send on each of its days. */
import type { CalendarDefined } from "../events/mod.ts";

export interface Calendar {
  readonly name: string;
  /** Most messages on day 1, 2, … */
  readonly days: readonly number[];
  /** How much more on each day after those. */
  readonly increment: number;
  /** The last day with a cap; after it the address is warm. */
  readonly lastDay: number;
  /** Provider → the share of a day's cap that may go there. */
  readonly providers: Readonly<Record<string, number>>;
}

/**
 * The calendar for traffic of good quality (seed, "Rodage des IP"): fourteen days, then 150,000 more
 * each day. It says nothing of an end: after three weeks (1.55 million a day) no cap is left that an
 * address would meet, as none carries more than 100,000 a day by the seed's own table.
 */
export const DEFAULT_CALENDAR: Calendar = {
  name: "default",
  days: [
    50,
    100,
    500,
    1_000,
    5_000,
    10_000,
    20_000,
    40_000,
    70_000,
    100_000,
    150_000,
    250_000,
    350_000,
    500_000,
  ],
  increment: 150_000,
  lastDay: 21,
  providers: {},
};

/** Why a calendar was refused, in words for the one who wrote it. */
export class CalendarError extends Error {
  override name = "CalendarError";
}

/** @throws {CalendarError} where a day would allow less than the one before, or days are left out. */
export function defineCalendar({ calendar, ...rest }: CalendarDefined): Calendar {
  const { days, lastDay, providers } = rest;
  const falls = days.findIndex((cap, i) => i > 0 && cap < days[i - 1]!);
  if (falls > 0) {
    throw new CalendarError(`day ${falls + 1} allows less than day ${falls}`);
  }
  if (lastDay < days.length) {
    throw new CalendarError(
      `the last day, ${lastDay}, comes before the ${days.length} days listed`,
    );
  }
  const wrong = Object.entries(providers).find(([name, share]) =>
    !/^[a-z0-9_-]+$/.test(name) || !(share > 0 && share <= 1)
  );
  if (wrong !== undefined) throw new CalendarError(`not a provider's share: ${wrong.join(" ")}`);
  return { name: calendar, ...rest };
}

/** The most an address may send on its day `day` (from 1). Infinity after the last day. */
export function capOn(calendar: Calendar, day: number): number {
  const { days, increment, lastDay } = calendar;
  if (day > lastDay) return Infinity;
  return days[day - 1] ?? days.at(-1)! + increment * (day - days.length);
}

/** What of a day's cap may go to one provider; null where the calendar does not say. */
export function providerCap(calendar: Calendar, provider: string, cap: number): number | null {
  const share = calendar.providers[provider];
  return share === undefined ? null : Math.floor(cap * share);
}
