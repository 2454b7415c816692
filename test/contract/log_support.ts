/** Small things that the log's contract tests share. */
import { event, type NewEvent, uuidv7 } from "@chappe/src/events";
import type { Commit, Job } from "@chappe/src/log";

/** An event of family `suppression`, recognisable by `by`. */
export function fact(by: string): NewEvent {
  const now = Date.now();
  return event("suppression.removed", { id: uuidv7(now), account: "acme", at: now }, { by });
}

/** An event of family `settings`. */
export function setting(sender: string): NewEvent {
  const now = Date.now();
  return event("settings.sender-authorised", { id: uuidv7(now), account: "acme", at: now }, {
    sender,
  });
}

/** What `fact` and `setting` were told, in the order of the commits. */
export function labels(commits: readonly Commit[]): string[] {
  return commits.flatMap((commit) =>
    commit.events.map((e) => {
      const data = e.data as { by?: string; sender?: string };
      return data.by ?? data.sender ?? "";
    })
  );
}

export function job(id: string, lane = "lane-1"): Job<{ n: string }> {
  return { id, lane, data: { n: id } };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  return await Array.fromAsync(items);
}

/** Takes from an endless iterable until `enough`, then aborts it and sees it end. */
export async function takeUntil<T>(
  make: (signal: AbortSignal) => AsyncIterable<T>,
  enough: (taken: readonly T[]) => boolean,
  each: (item: T) => void | Promise<void> = () => {},
): Promise<T[]> {
  const abort = new AbortController();
  const taken: T[] = [];
  for await (const item of make(abort.signal)) {
    taken.push(item);
    await each(item);
    if (enough(taken)) abort.abort();
  }
  return taken;
}

/** Waits for what another process does in its own time. */
export async function eventually(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}
