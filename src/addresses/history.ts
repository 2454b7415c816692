/** What the log says of one address: its days, and what was decided about it. */
import type { Event, Figures } from "../events/mod.ts";
import type { EventLog } from "../log/mod.ts";
import {
  type Calendar,
  calendarOf,
  capOn,
  dateOf,
  DAY,
  dayCap,
  evolveSending,
  hourCap,
  NO_SENDING,
  type SendingState,
  type Standing,
  startOf,
  stateAt,
} from "../sending/mod.ts";

/** A decision of the warm-up, a pause, an alert, a block list. */
export interface AddressDecision {
  /** ms UTC. */
  readonly at: number;
  /** E.g. `address.warmup-advanced`. */
  readonly type: Event["type"];
  readonly rule: string | null;
  readonly figures: Figures;
  readonly words: string;
  readonly by: string | null;
}

export interface AddressHistory {
  /** UTC day (`2026-11-22`) → day of the calendar and the cap that it had. */
  readonly days: ReadonlyMap<string, { day: number; cap: number }>;
  /** Oldest first. */
  readonly decisions: readonly AddressDecision[];
}

/** Reads what was decided about an address, `ip` in its usual spelling. */
export async function readHistory(
  events: Pick<EventLog, "read">,
  ip: string,
): Promise<AddressHistory> {
  const days = new Map<string, { day: number; cap: number }>();
  const decisions: AddressDecision[] = [];
  let state: SendingState = NO_SENDING;
  for await (const commit of events.read({ families: ["settings", "address"] })) {
    for (const event of commit.events) {
      const before = state;
      state = evolveSending(state, event);
      const address = state.addresses.get(ip);
      const is = "address" in event.data && event.data.address === ip;
      if (is && event.type.startsWith("address.")) decisions.push(decisionOf(event));
      if (state === before || !is || address === undefined) continue;
      const standing = standingOf(state, ip, event.at);
      if (standing?.kind !== "warming") continue;
      const cap = capOn(calendarOf(state, address), standing.day);
      if (cap !== Infinity) days.set(dateOf(standing.since), { day: standing.day, cap });
    }
  }
  return { days, decisions };
}

function decisionOf({ at, type, data, by }: Event): AddressDecision {
  return {
    at,
    type,
    rule: "rule" in data ? data.rule : "list" in data ? data.list : null,
    figures: "figures" in data && data.figures !== undefined ? data.figures : {},
    words: "words" in data ? data.words : "The list no longer names it.",
    by: by ?? null,
  };
}

/** Behind a pause, too. Null: retired, or no address of ours. @param at ms UTC */
export function standingOf(state: SendingState, ip: string, at: number): Standing | null {
  const address = state.addresses.get(ip);
  if (address === undefined) return null;
  const now = stateAt(address, at);
  if (now.kind === "retired") return null;
  return now.kind === "paused" ? now.then : now;
}

export interface PlannedDay {
  readonly date: string;
  readonly day: number;
  /** The most it may send on that day. */
  readonly cap: number;
  /** The same by UTC hour. */
  readonly hours: readonly number[];
}

/** Today and the days to come, if each of them is used and well received; none when it is warm. */
export function planOf(
  calendar: Calendar,
  standing: Standing | null,
  now: number,
  most: number,
): PlannedDay[] {
  if (standing?.kind !== "warming") return [];
  const today = startOf(now, DAY);
  const plan: PlannedDay[] = [];
  let { day } = standing;
  for (let at = Math.max(today, standing.since); plan.length < most; at += DAY, day++) {
    const cap = at === today ? dayCap(calendar, standing, at) : capOn(calendar, day);
    if (cap === Infinity) break;
    const hours = Array.from({ length: 24 }, (_, hour) => hourCap(cap, hour));
    plan.push({ date: dateOf(at), day, cap, hours });
  }
  return plan;
}
