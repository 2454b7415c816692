/** Scenarios of a warm-up as people ask for them. */
import {
  type ArrivalsOf,
  asTheyWere,
  type Calendar,
  DAY,
  madeUp,
  PROFILES,
  repeated,
  type Scenario,
  startOf,
} from "../sending/mod.ts";
import { RefusedError } from "../settings/mod.ts";

const WEEK = 7;
/** How much of the past is looked at: four weeks. */
export const PAST_DAYS = 4 * WEEK;

export interface Asked {
  /** Messages a day, or how they came in the past. */
  readonly traffic: { readonly volume: number; readonly profile: keyof typeof PROFILES } | Past;
  readonly addresses: number;
  readonly days: number;
  readonly calendar: Calendar;
  readonly overflow: boolean;
  readonly received: Scenario["received"];
}
/** Mail by minute, of the `PAST_DAYS` days up to yesterday. */
export interface Past {
  readonly past: readonly { at: number; provider: string; count: number }[];
}

/** A warm-up that would begin today. @param now ms UTC. @throws {RefusedError} where there is no past */
export function scenarioOf({ traffic, ...asked }: Asked, now: number): Scenario {
  const start = startOf(now, DAY);
  const arrivals = "past" in traffic ? again(traffic, start) : madeUp({
    start,
    volumes: [traffic.volume],
    profile: PROFILES[traffic.profile],
  });
  return { ...asked, start, arrivals };
}

/** Start of the past that is looked at, ms UTC. */
export function pastSince(now: number): number {
  return startOf(now, DAY) - PAST_DAYS * DAY;
}

/** Whole weeks come again on the same days of the week; where there is less than one, those days. */
function again({ past }: Past, today: number): ArrivalsOf {
  const before = past.filter(({ at }) => at < today);
  if (before.length === 0) throw new RefusedError("unknown", "there is no past traffic to go by");
  const first = before.reduce((least, { at }) => Math.min(least, at), today);
  const known = Math.min(PAST_DAYS, Math.ceil((today - first) / DAY));
  const days = known < WEEK ? known : known - known % WEEK;
  return repeated(asTheyWere(before), { from: today - days * DAY, days, start: today });
}
