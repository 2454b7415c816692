/** What a warm-up does at the end of an address's day: go on, stay, step back, or be over. */
import type { Figures } from "../events/mod.ts";
import { type Calendar, capOn } from "./calendar.ts";
import { dayCap, type Standing, type Warming } from "./model.ts";
import { DAY, startOf } from "./time.ts";

/** What an address did in a UTC day, by attempts. */
export interface DayReport {
  /** Attempts that a server answered. */
  readonly sent: number;
  /** Refused for good, as the recipient or the mail was not wanted (`receivedOf`). */
  readonly bounced: number;
  readonly deferred: number;
  /** Reported as spam on that day, about whatever day's mail. */
  readonly complained: number;
  /** Paused for the whole day. */
  readonly paused?: boolean;
}

/** A share of what was sent; below `least` events it means nothing. */
export interface Threshold {
  readonly share: number;
  readonly least: number;
}

export interface AdvanceRules {
  /** The day counts when at least this share of its cap was sent. */
  readonly minimumShare: number;
  readonly hold: { readonly [what in Trouble]: Threshold };
  readonly back: { readonly [what in Trouble]: Threshold };
}
type Trouble = "complained" | "bounced" | "deferred";

/**
 * Complaints: Google and Yahoo want them below 0.1 % and never at 0.3 % (their sender guidelines,
 * 2024); the numbers needed keep one report out of 50 messages from being taken for a rate. A
 * quarter of the cap is what a sender who works office hours can use of a cap spread over the day.
 */
export const ADVANCE_RULES: AdvanceRules = {
  minimumShare: 0.25,
  hold: {
    complained: { share: 0.001, least: 2 },
    bounced: { share: 0.05, least: 3 },
    deferred: { share: 0.2, least: 5 },
  },
  back: {
    complained: { share: 0.003, least: 3 },
    bounced: { share: 0.1, least: 5 },
    deferred: { share: 0.5, least: 10 },
  },
};

export interface Decision {
  readonly decision: "advance" | "hold" | "back" | "finish";
  /** Day of the calendar that comes; null where no cap does. */
  readonly day: number | null;
  /** The most that may be sent on it; null: no cap. */
  readonly cap: number | null;
  readonly rule: string;
  readonly figures: Figures;
  readonly words: string;
}

/** In the order in which they speak: what is worst for an address first. */
const TROUBLES: readonly Trouble[] = ["complained", "bounced", "deferred"];

/** @param cap the most that could be sent on the day reported (`capOfDay`) */
export function advance(
  { calendar, day, cap, report }: {
    calendar: Calendar;
    /** Day of the calendar that the report is about. */
    day: number;
    cap: number;
    report: DayReport;
  },
  rules: AdvanceRules = ADVANCE_RULES,
): Decision {
  const { sent, bounced, deferred, complained } = report;
  const figures = { day, cap, sent, bounced, deferred, complained };
  const received = TROUBLES.map((what) => `${percent(report[what], sent)} ${what}`).join(", ");
  const decide = (decision: Decision["decision"], next: number, rule: string, words: string) => {
    const cap = capOn(calendar, next);
    const over = cap === Infinity;
    return {
      decision: over ? "finish" as const : decision,
      day: over ? null : next,
      cap: over ? null : cap,
      rule: over ? "calendar-ended" : rule,
      figures,
      words: over ? `Warm: day ${day} was the last of the calendar. ${words}` : words,
    };
  };
  const again = `Day ${day} again`;
  if (sent === 0) {
    return report.paused
      ? decide("hold", day, "paused", `${again}: the address was paused.`)
      : decide("hold", day, "no-traffic", `${again}: nothing was sent.`);
  }
  for (const what of TROUBLES) {
    if (!passes(report, what, rules.back[what])) continue;
    const next = Math.max(1, day - 1);
    return decide("back", next, what, `Back to day ${next}: ${sent} of ${cap} sent, ${received}.`);
  }
  for (const what of TROUBLES) {
    if (!passes(report, what, rules.hold[what])) continue;
    return decide("hold", day, what, `${again}: ${sent} of ${cap} sent, ${received}.`);
  }
  if (sent < cap * rules.minimumShare) {
    const least = percent(rules.minimumShare, 1);
    return decide(
      "hold",
      day,
      "little-traffic",
      `${again}: only ${sent} of ${cap} sent, and less than ${least} tell too little.`,
    );
  }
  const words = `Day ${day + 1} follows: ${sent} of ${cap} sent, ${received}.`;
  return decide("advance", day + 1, "well-received", words);
}

/** The day of the calendar and the cap that held in the UTC day of `at`; null where none did. */
export function capOfDay(
  calendar: Calendar,
  standing: Standing,
  at: number,
): { day: number; cap: number } | null {
  if (standing.kind === "warm" || at < standing.since) return null;
  const cap = dayCap(calendar, standing, at);
  return cap === Infinity ? null : { day: standing.day, cap };
}

/** The standing that a decision for the UTC day of `at` leads to. */
export function standingAfter({ day }: Pick<Decision, "day">, at: number): Standing {
  return day === null ? { kind: "warm" } : { kind: "warming", day, since: startOf(at, DAY) };
}

/** UTC days that ended before `now` without a decision for the one after them, as their starts. */
export function undecidedDays({ since }: Warming, now: number): number[] {
  const days: number[] = [];
  for (let day = since; day < startOf(now, DAY); day += DAY) days.push(day);
  return days;
}

function passes(report: DayReport, what: Trouble, { share, least }: Threshold): boolean {
  return report[what] >= least && report[what] >= report.sent * share;
}

function percent(part: number, whole: number): string {
  return `${Number((part / whole * 100).toFixed(2))} %`;
}
