/** Cuts a period into the steps of the chart. */
import type { Figures } from "@chappe/analytics";
import { momentOf, wallTime } from "../../web/zone.ts";

export const RANGES = ["24h", "7d", "30d"] as const;
export type Range = typeof RANGES[number];

/** What a step of the chart shows. `delivered`, `waiting`, `failed` and `blacklisted` stack up. */
export interface Bucket {
  /** Start, ms UTC. */
  at: number;
  delivered: number;
  waiting: number;
  failed: number;
  blacklisted: number;
  opened: number;
  clicked: number;
}

const HOUR = 3_600_000;
const DAYS: Record<Exclude<Range, "24h">, number> = { "7d": 7, "30d": 30 };

/** Start of the period that ends `now` (ms UTC): a whole hour, or midnight in the reader's zone. */
export function startOf(range: Range, now: number, zone: string): number {
  if (range === "24h") return Math.floor(now / HOUR) * HOUR - 23 * HOUR;
  const first = now - (DAYS[range] - 1) * 24 * HOUR;
  return momentOf(wallTime(first, zone).slice(0, 10), zone);
}

/**
 * Hourly figures (`key`: ISO time UTC) → steps of an hour, six hours or a day of the reader's zone,
 * from the start of the period to now, empty ones included.
 */
export function bucketsOf(
  hourly: readonly ({ key: string } & Figures)[],
  range: Range,
  now: number,
  zone: string,
): Bucket[] {
  const stepAt = (at: number): string => {
    const wall = wallTime(at, zone);
    if (range === "24h") return String(at);
    if (range === "30d") return wall.slice(0, 10);
    return `${wall.slice(0, 10)} ${Math.floor(Number(wall.slice(11, 13)) / 6)}`;
  };
  const buckets = new Map<string, Bucket>();
  for (let at = startOf(range, now, zone); at <= now; at += HOUR) {
    const step = stepAt(at);
    if (!buckets.has(step)) buckets.set(step, { at, ...EMPTY });
  }
  const [first] = buckets.values();
  for (const figures of hourly) {
    // Zones off by half an hour: the first UTC hour of the period begins before it.
    const bucket = buckets.get(stepAt(Date.parse(figures.key))) ?? first!;
    bucket.delivered += figures.delivered;
    bucket.waiting += figures.pending + figures.deferred;
    bucket.failed += figures.softBounced + figures.cancelled;
    bucket.blacklisted += figures.blacklisted;
    bucket.opened += figures.opened;
    bucket.clicked += figures.clicked;
  }
  return [...buckets.values()];
}

const EMPTY = { delivered: 0, waiting: 0, failed: 0, blacklisted: 0, opened: 0, clicked: 0 };
