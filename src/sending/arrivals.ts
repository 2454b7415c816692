/** Mail that arrives, by the minute: made up from a volume and a profile, or as it was. */
import { DAY, MINUTE, startOf } from "./time.ts";

export interface Arrived {
  /** Start of the minute, ms UTC. */
  readonly at: number;
  readonly provider: string;
  readonly count: number;
}
/** What arrives in the UTC day that starts at `day`, in order of time. */
export type ArrivalsOf = (day: number) => Iterable<Arrived>;

const MINUTES = DAY / MINUTE;

/**
 * @param volumes messages on the first day, the second…; the last one goes on.
 * @param profile how much of a day comes in each of its 24 UTC hours, as weights.
 * @param providers shares by provider, as weights.
 */
export function madeUp(
  { start, volumes, profile = Array(24).fill(1), providers = { any: 1 } }: {
    start: number;
    volumes: readonly number[];
    profile?: readonly number[];
    providers?: Readonly<Record<string, number>>;
  },
): ArrivalsOf {
  if (volumes.length === 0) throw new RangeError("no volume for the first day");
  if (profile.length !== 24) throw new RangeError(`${profile.length} hours in a profile of 24`);
  const weights = [...volumes, ...profile, ...Object.values(providers)];
  if (weights.some((weight) => !(weight >= 0))) throw new RangeError("a weight below nought");
  const upTo = cumulated(profile);
  const names = Object.keys(providers);
  const upToProvider = cumulated(Object.values(providers));

  return function* (day) {
    const volume = volumes[Math.min(volumes.length - 1, (day - start) / DAY)]!;
    const ends = names.map((_, i) => Math.floor(volume * upToProvider[i + 1]!));
    const before = names.map(() => 0);
    for (let minute = 0; minute < MINUTES; minute++) {
      const hour = Math.floor((minute + 1) / 60);
      const part = ((minute + 1) % 60) / 60;
      const share = upTo[hour]! + part * ((upTo[hour + 1] ?? 1) - upTo[hour]!);
      for (let i = 0; i < names.length; i++) {
        // Whole messages, so that the minutes of a day add up to its volume.
        const until = Math.floor((ends[i]! - (ends[i - 1] ?? 0)) * share + 1e-9);
        const count = until - before[i]!;
        before[i] = until;
        if (count > 0) yield { at: day + minute * MINUTE, provider: names[i]!, count };
      }
    }
  };
}

/** As they were: `at` in ms UTC, in any order; `count` 1 where it is not given. */
export function asTheyWere(
  past: readonly { at: number; provider: string; count?: number }[],
): ArrivalsOf {
  const days = Map.groupBy(past, ({ at }) => startOf(at, DAY));
  return function* (day) {
    const minutes = new Map<string, { at: number; provider: string; count: number }>();
    for (const { at, provider, count = 1 } of days.get(day) ?? []) {
      const minute = startOf(at, MINUTE);
      const key = `${minute} ${provider}`;
      const found = minutes.get(key) ?? { at: minute, provider, count: 0 };
      found.count += count;
      minutes.set(key, found);
    }
    yield* [...minutes.values()].sort((a, b) => a.at - b.at);
  };
}

/** Days of the past over and over: `days` of them from `from` on, as if they came from `start` on. */
export function repeated(
  arrivals: ArrivalsOf,
  { from, days, start }: { from: number; days: number; start: number },
): ArrivalsOf {
  return function* (day) {
    const like = from + ((day - start) / DAY % days) * DAY;
    for (const arrived of arrivals(like)) yield { ...arrived, at: arrived.at - like + day };
  };
}

/** Shares up to each place: 0, …, 1. */
function cumulated(weights: readonly number[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  if (total <= 0) throw new RangeError("all weights are nought");
  let sum = 0;
  const shares = [0, ...weights.map((weight) => (sum += weight) / total)];
  shares[weights.length] = 1;
  return shares;
}
