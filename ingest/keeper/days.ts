/** Ends the days of addresses that are being warmed up: what a day was like decides about the next. */
import type { NewEvent } from "@chappe/src/events";
import { ConflictError, type EventLog } from "@chappe/src/log";
import {
  advance,
  calendarOf,
  capOfDay,
  DAY,
  type Decision,
  decisionFact,
  type SourceAddress,
  standingAfter,
  stateAt,
  undecidedDays,
  type Warming,
} from "@chappe/src/sending";
import { type DayReports, NOTHING_SENT, readDay, type ReadDayOptions } from "./day_reports.ts";
import { platformEvent } from "./fact.ts";
import { type History, readHistory } from "./history.ts";

/** Decisions in one commit: some hundred kilobytes. */
const AT_ONCE = 500;

export interface DecideOptions extends ReadDayOptions {
  events: Pick<EventLog, "read" | "appendExpecting">;
  now: () => number;
}

/**
 * Decides about all days that are over and undecided, in their order; about none where another node
 * was faster. @returns the decisions. @throws {LogUnavailableError}
 */
export async function decideDays(options: DecideOptions): Promise<NewEvent[]> {
  const { events, now, signal } = options;
  const reports = new Map<number, DayReports>();
  while (!signal.aborted) {
    const history = await readHistory(events);
    const undecided = daysOf(history, now()).filter((day) => !reports.has(day));
    for (const day of undecided) reports.set(day, await readDay(options, day));
    // Read in the meantime, others may have decided, or somebody changed an address.
    if (undecided.length > 0) continue;
    if (signal.aborted) break;
    const facts = decideAll(history, reports, now());
    try {
      let { seq } = history;
      for (let i = 0; i < facts.length; i += AT_ONCE) {
        const [first] = await events.appendExpecting(facts.slice(i, i + AT_ONCE), seq);
        seq = first!.seq;
      }
      return facts;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
  return [];
}

function daysOf({ now: { addresses } }: History, now: number): number[] {
  const days = [...addresses.values()].flatMap((address) => {
    const warming = warmingOf(address);
    return warming === null ? [] : undecidedDays(warming, now);
  });
  return [...new Set(days)].sort((a, b) => a - b);
}

function decideAll(
  history: History,
  reports: ReadonlyMap<number, DayReports>,
  now: number,
): NewEvent[] {
  const facts: NewEvent[] = [];
  for (const address of history.now.addresses.values()) {
    const calendar = calendarOf(history.now, address);
    let warming = warmingOf(address);
    if (warming === null) continue;
    for (const day of undecidedDays(warming, now)) {
      const report = reports.get(day)?.get(address.ip) ?? NOTHING_SENT;
      const held = capOfDay(calendar, warming, day);
      const decision = held === null ? finished(warming) : advance({
        calendar,
        ...held,
        report: { ...report, paused: pausedAllDay(history, address.ip, day) },
      });
      facts.push(platformEvent(decisionFact(address.ip, decision, day + DAY), now) as NewEvent);
      const next = standingAfter(decision, day + DAY);
      if (next.kind !== "warming") break;
      warming = next;
    }
  }
  return facts;
}

/** Where its warm-up stands, behind a pause too; null when there is none. */
function warmingOf({ state }: Pick<SourceAddress, "state">): Warming | null {
  const standing = state.kind === "paused" ? state.then : state;
  return standing.kind === "warming" ? standing : null;
}

/** The calendar was made shorter meanwhile: it has no such day. */
function finished({ day }: Warming): Decision {
  return {
    decision: "finish",
    day: null,
    cap: null,
    rule: "calendar-ended",
    figures: { day },
    words: `Warm: the calendar has no day ${day}.`,
  };
}

/** Both when the day began and when it ended. */
function pausedAllDay(history: History, ip: string, day: number): boolean {
  return [day, day + DAY].every((boundary) => {
    const address = history.at(boundary).addresses.get(ip);
    return address !== undefined &&
      stateAt(address, Math.min(boundary, day + DAY - 1)).kind === "paused";
  });
}
