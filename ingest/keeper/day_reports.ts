/** What the log says that each address did in a UTC day. */
import type { EventLog } from "@chappe/src/log";
import { DAY, type DayReport, MINUTE, receivedOf, reported } from "@chappe/src/sending";
import type { FindDelivered } from "../delivered.ts";
import { copyOf, isTold, meantFor, type Told } from "./told.ts";
import { createTurns } from "./turns.ts";

export type DayReports = ReadonlyMap<string, DayReport>;

export const NOTHING_SENT: DayReport = { sent: 0, bounced: 0, deferred: 0, complained: 0 };

/** What was done at the end of the day may be recorded a little later. */
const LATE_MS = 10 * MINUTE;
/** Copies looked for at a time. */
const AT_ONCE = 200;

export interface ReadDayOptions {
  events: Pick<EventLog, "read">;
  findDelivered: FindDelivered;
  signal: AbortSignal;
}

/**
 * Goes once through the events of the UTC day that starts at `day`, for all addresses. Complaints and
 * bounces that came by mail count for the address that their copy left from, and for the day on which
 * they came. @throws {LogUnavailableError}
 */
export async function readDay(
  { events, findDelivered, signal }: ReadDayOptions,
  day: number,
): Promise<DayReports> {
  const reports = new Map<string, DayReport>();
  const told: Told[] = [];
  const turns = createTurns(signal);

  function change(address: string, how: (report: DayReport) => DayReport): void {
    reports.set(address, how(reports.get(address) ?? NOTHING_SENT));
  }
  async function place(event: Told): Promise<void> {
    const copy = copyOf(event);
    const from = copy && await findDelivered(copy);
    const meant = from && meantFor(event, from);
    if (meant === null) return;
    const { address, what } = meant;
    if (what !== "complained") change(address, (report) => reported(report, { ...meant, what }));
    else change(address, (report) => ({ ...report, complained: report.complained + 1 }));
  }

  const commits = events.read({ families: ["delivery", "feedback"], since: day, signal });
  for await (const commit of commits) {
    if (commit.recorded >= day + DAY + LATE_MS) break;
    for (const event of commit.events) {
      if (event.at < day || event.at >= day + DAY) continue;
      const received = receivedOf(event);
      if (received !== null) change(received.address, (report) => reported(report, received));
      else if (isTold(event)) told.push(event);
    }
    await turns.after(commit.events.length);
  }
  for (let i = 0; i < told.length; i += AT_ONCE) {
    await Promise.all(told.slice(i, i + AT_ONCE).map(place));
  }
  return reports;
}
