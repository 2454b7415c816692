/** Changing settings: decide on the state as it stands, append, and start over if somebody was first. */
import type { Event, EventData, EventType, NewEvent } from "../events/mod.ts";
import { event, uuidv7 } from "../events/mod.ts";
import { ConflictError, type EventLog } from "../log/mod.ts";
import { evolve, NO_SETTINGS, type SettingsState } from "./state.ts";

/** A settings fact before it has an id and a time. */
export type SettingsFact = {
  [T in Extract<EventType, `settings.${string}`>]: { type: T; account: string; data: EventData<T> };
}[Extract<EventType, `settings.${string}`>];

/** Reads all settings of the log once. */
export async function readSettings(
  events: EventLog,
): Promise<{ state: SettingsState; seq: number }> {
  let state = NO_SETTINGS;
  let seq = 0;
  for await (const commit of events.read({ families: ["settings"] })) {
    state = commit.events.reduce((s, e: Event) => evolve(s, e), state);
    seq = commit.seq;
  }
  return { state, seq };
}

/**
 * Appends what `decide` wants on the state as it stands (nothing, when it wants nothing), as one
 * commit. Whatever `decide` throws goes through: it refuses.
 */
export async function changeSettings(
  events: EventLog,
  decide: (state: SettingsState) => readonly SettingsFact[] | Promise<readonly SettingsFact[]>,
  now: () => number,
): Promise<void> {
  while (true) {
    const { state, seq } = await readSettings(events);
    const facts = await decide(state);
    if (facts.length === 0) return;
    const at = now();
    const made = facts.map(({ type, account, data }) =>
      event(type, { id: uuidv7(at), account, at }, data as EventData<typeof type>) as NewEvent
    );
    try {
      await events.appendExpecting(made, seq);
      return;
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
