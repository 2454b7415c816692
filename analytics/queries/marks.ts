/**
 * What a copy's marks of hits (schema/0004_hits.sql) come to. `deliveries()` (delivery.ts) says the same
 * in SQL, to filter, sort and count by; for the rows of a page it takes the engine longer to plan that
 * than to read them.
 */
import { statusKey } from "@chappe/src/rules";

/** Marks of a copy that are brought here; of one that has more, the engine says what they come to. */
export const MOST_MARKS = 1000;

/** Of a folded delivery; marks are more than a double holds exactly. */
export interface Marks {
  /** Of hits that counted as human when they came. */
  human_texts: string[];
  revoked_texts: string[];
  /** The status key that hits argue for, as if none had been revoked; 0 for none. */
  unrevised_key: number;
  /** Of all events but hits. */
  said_key: number;
}

export interface Reactions {
  statusKey: number;
  opened: boolean;
  clicked: boolean;
  /** Hits of people. */
  opens: number;
  clicks: number;
  /** When the first came, ms UTC. */
  openedAt: number | null;
  clickedAt: number | null;
}

/** As `deliveries()` says it; times are 0 for none. */
interface Counted {
  status_key: number;
  opened: number;
  clicked: number;
  opens: number;
  clicks: number;
  opened_at: number;
  clicked_at: number;
}

/** Columns of {@link Counted}. */
export const COUNTED = [
  ...["d.status_key", "d.opened", "d.clicked"] as const,
  ...["d.opens", "d.clicks", "d.opened_at", "d.clicked_at"] as const,
] as const;

/** What the engine worked out. */
export function reactionsIn(row: Counted): Reactions {
  return {
    statusKey: row.status_key,
    opened: row.opened === 1,
    clicked: row.clicked === 1,
    opens: row.opens,
    clicks: row.clicks,
    openedAt: row.opened_at || null,
    clickedAt: row.clicked_at || null,
  };
}

export function reactionsOf(
  { human_texts, revoked_texts, unrevised_key, said_key }: Marks,
): Reactions {
  const revoked = new Set(revoked_texts);
  const marks = human_texts.filter((text) => !revoked.has(text)).map(BigInt);
  const times = marks.map(timeOf);
  const clicks = marks.filter(isClick).map(timeOf);
  const hitKey = revoked.size === 0 ? unrevised_key : keyOf(times, clicks);
  return {
    statusKey: Math.max(said_key, hitKey),
    // Who clicked has opened, with or without the pixel.
    opened: hitKey > 0,
    clicked: hitKey >= statusKey("clicked", 0),
    opens: marks.length - clicks.length,
    clicks: clicks.length,
    openedAt: first(times),
    clickedAt: first(clicks),
  };
}

const timeOf = (mark: bigint) => Number(mark >> 20n);
const isClick = (mark: bigint) => (mark >> 19n & 1n) === 1n;
const first = (times: number[]) => times.length === 0 ? null : Math.min(...times);

function keyOf(times: number[], clicks: number[]): number {
  if (clicks.length > 0) return statusKey("clicked", Math.max(...clicks));
  return times.length > 0 ? statusKey("opened", Math.max(...times)) : 0;
}
