/** For tests: a log in memory, with commits as the test cuts them. */
import { type Event, type Family, familyOf } from "@chappe/src/events";
import type { Commit, EventLog } from "@chappe/src/log";

export interface MemoryLog extends EventLog {
  readonly commits: Commit[];
  /** Adds one commit. */
  commit(events: readonly Event[]): void;
}

export function createMemoryLog(): MemoryLog {
  const commits: Commit[] = [];
  let wake = Promise.withResolvers<void>();
  const refuse = () => Promise.reject(new Error("not part of this test"));
  return {
    commits,
    commit(events) {
      commits.push({
        seq: commits.length + 1,
        family: familyOf(events[0]!.type),
        recorded: events[0]!.recorded,
        events,
      });
      wake.resolve();
      wake = Promise.withResolvers();
    },
    async *read({ after = 0, follow = false, signal }) {
      const end = commits.length;
      for (let seq = after; follow || seq < end; seq++) {
        while (seq >= commits.length) {
          if (signal?.aborted) return;
          const aborted = new Promise<void>((done) =>
            signal?.addEventListener("abort", () => done())
          );
          await Promise.race([wake.promise, aborted]);
        }
        yield commits[seq]!;
      }
    },
    at: (seq) => Promise.resolve(commits[seq - 1] ?? null),
    lastSeq: (family?: Family) =>
      Promise.resolve(
        commits.findLast((commit) => family === undefined || commit.family === family)?.seq ?? 0,
      ),
    append: refuse,
    appendLines: refuse,
    appendExpecting: refuse,
    subscribe() {
      throw new Error("not part of this test");
    },
  };
}

/** Fills a log with events in commits of one family each, of 1 to `most` events. */
export function fill(log: MemoryLog, events: readonly Event[], most: number): void {
  for (let i = 0; i < events.length;) {
    const family = familyOf(events[i]!.type);
    let end = i + 1;
    while (end < events.length && end - i < most && familyOf(events[end]!.type) === family) end++;
    log.commit(events.slice(i, end));
    i = end;
  }
}
