/**
 * Copies that wait for the same come back one after the other, not all in one moment: neither the log,
 * which puts them back into the queue, nor those who are asked then have to do with all of them at once.
 */

/** Kinds remembered; of one that is forgotten all may come at once. */
const KINDS = 10_000;

/**
 * When one more of a kind comes back, ms UTC: at `wanted`, or so much later as it takes for it to come
 * `apartMs` after the one before.
 */
export type Turns = (kind: string, wanted: number, apartMs: number) => number;

export function createTurns(): Turns {
  const last = new Map<string, number>();
  return (kind, wanted, apartMs) => {
    const at = Math.max(wanted, (last.get(kind) ?? 0) + apartMs);
    last.delete(kind);
    last.set(kind, at);
    if (last.size > KINDS) last.delete(last.keys().next().value!);
    return at;
  };
}
