/** Numbers, sizes and times as a reader of one language and time zone expects them. */
import type { Lang } from "../i18n/mod.ts";

export interface Format {
  number(n: number): string;
  /** `ratio` from 0 to 1. */
  percent(ratio: number): string;
  /** Without decimals. */
  wholePercent(ratio: number): string;
  /** Bytes. */
  size(bytes: number): string;
  /** A length of time in ms. */
  duration(ms: number): string;
  /** ms UTC → date and time to the second, in the zone. */
  dateTime(at: number): string;
  /** To the minute. */
  minute(at: number): string;
  /** Time of day to the second. */
  time(at: number): string;
  day(at: number): string;
  hour(at: number): string;
  /** 1: Monday. */
  weekday(day: number): string;
  /** ms UTC → "2026-11-22 05:30:00 UTC". */
  utc(at: number): string;
}

const UNITS = [
  { name: "millisecond", ms: 1 },
  { name: "second", ms: 1000 },
  { name: "minute", ms: 60_000 },
  { name: "hour", ms: 3_600_000 },
  { name: "day", ms: 86_400_000 },
];
const MONDAY = Date.UTC(2026, 10, 23);

const LOCALES: Record<Lang, string> = { en: "en-GB", fr: "fr-FR" };
const made = new Map<string, Format>();

/** `zone`: an IANA name that `canonicalZone` gave back, so that few are kept. */
export function formatFor(lang: Lang, zone: string): Format {
  const key = `${lang} ${zone}`;
  let format = made.get(key);
  if (format === undefined) made.set(key, format = create(LOCALES[lang], zone));
  return format;
}

/** The zone as Intl names it, or UTC when there is no such zone. */
export function canonicalZone(zone: string | undefined): string {
  if (zone === undefined) return "UTC";
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

function create(locale: string, timeZone: string): Format {
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const wholePercent = new Intl.NumberFormat(locale, {
    style: "percent",
    maximumFractionDigits: 0,
  });
  const unit = (unit: string, unitDisplay: "short" | "long" = "short") =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 });
  const sizes = [unit("byte", "long"), unit("kilobyte"), unit("megabyte")];
  const lengths = UNITS.map(({ name, ms }) => ({ ms, format: unit(name) }));
  const dateTime = new Intl.DateTimeFormat(locale, {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const minuteOf = new Intl.DateTimeFormat(locale, {
    timeZone,
    dateStyle: "short",
    timeStyle: "short",
  });
  const time = new Intl.DateTimeFormat(locale, { timeZone, timeStyle: "medium" });
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: "numeric", month: "short" });
  const hour = new Intl.DateTimeFormat(locale, { timeZone, hour: "2-digit", minute: "2-digit" });
  const weekday = new Intl.DateTimeFormat(locale, { timeZone: "UTC", weekday: "long" });
  return {
    number: (n) => number.format(n),
    percent: (ratio) => percent.format(ratio),
    wholePercent: (ratio) => wholePercent.format(ratio),
    size(bytes) {
      const power = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : 2;
      return sizes[power]!.format(bytes / 1000 ** power);
    },
    duration(ms) {
      const { ms: length, format } = lengths.findLast(({ ms: length }) => ms >= length) ??
        lengths[0]!;
      return format.format(length === 1 ? Math.round(ms) : ms / length);
    },
    dateTime: (at) => dateTime.format(at),
    minute: (at) => minuteOf.format(at),
    time: (at) => time.format(at),
    day: (at) => day.format(at),
    hour: (at) => hour.format(at),
    weekday: (day) => weekday.format(MONDAY + (day - 1) * 86_400_000),
    utc: (at) => new Date(at).toISOString().slice(0, 19).replace("T", " ") + " UTC",
  };
}
