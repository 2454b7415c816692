/** For tests: a log in memory, and the settings that follow it at once. */
import {
  type Event,
  event,
  type Family,
  familyOf,
  type NewEvent,
  uuidv7,
} from "@chappe/src/events";
import { type Commit, ConflictError, type EventLog, type Position } from "@chappe/src/log";
import { evolveSending, NO_SENDING, type SendingState } from "@chappe/src/sending";
import { evolve, NO_SETTINGS, type SettingsFact, type SettingsState } from "@chappe/src/settings";

export interface TestLog extends EventLog {
  readonly commits: Commit[];
  /** Everything of a family, oldest first. */
  of(family: Family): Event[];
  readonly sending: { now: SendingState; seq: number };
  readonly settings: { now: SettingsState; seq: number; unseal(sealed: string): Uint8Array };
}

/** `initial`: settings that stand in it, written at `at` like everything after them. */
export function createTestLog(at: number, initial: readonly SettingsFact[] = []): TestLog {
  const commits: Commit[] = [];
  const settings = {
    now: NO_SETTINGS,
    seq: 0,
    unseal: (sealed: string) => new TextEncoder().encode(sealed),
  };
  const sending = { now: NO_SENDING, seq: 0 };
  const lastSeq = (family?: Family) =>
    commits.findLast((commit) => family === undefined || commit.family === family)?.seq ?? 0;

  function append(events: readonly NewEvent[]): Position[] {
    if (events.length === 0) return [];
    const family = familyOf(events[0]!.type);
    const recorded = events.map((e) => ({ ...e, recorded: at }) as Event);
    const seq = commits.length + 1;
    commits.push({ seq, family, recorded: at, events: recorded });
    sending.now = recorded.reduce(evolveSending, sending.now);
    sending.seq = seq;
    if (family === "settings") {
      settings.now = recorded.reduce(evolve, settings.now);
      settings.seq = seq;
    }
    return events.map((_, index) => ({ seq, index }));
  }

  append(
    initial.map(({ type, account, data }) =>
      event(type, { id: uuidv7(at), account, at }, data) as NewEvent
    ),
  );
  return {
    commits,
    settings,
    sending,
    of: (family) => commits.filter((c) => c.family === family).flatMap((c) => c.events),
    append: (events) => Promise.resolve(append(events)),
    appendLines: () => Promise.reject(new Error("not part of these tests")),
    appendExpecting(events, expected) {
      return lastSeq(familyOf(events[0]!.type)) === expected
        ? Promise.resolve(append(events))
        : Promise.reject(new ConflictError("somebody was first"));
    },
    async *read({ families, after = 0, since = 0 }) {
      yield* commits.filter(({ seq, family, recorded }) =>
        seq > after && recorded >= since && (families?.includes(family) ?? true)
      );
    },
    at: (seq) => Promise.resolve(commits[seq - 1] ?? null),
    lastSeq: (family) => Promise.resolve(lastSeq(family)),
    subscribe() {
      throw new Error("not part of this test");
    },
  };
}
