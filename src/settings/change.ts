/** Changing settings: decide on the state as it stands, append, and start over if somebody was first. */
import type { Event, EventData, NewEvent } from "../events/mod.ts";
import { event, uuidv7 } from "../events/mod.ts";
import { ConflictError, type EventLog } from "../log/mod.ts";
import type { SettingsFact } from "./fact.ts";
import { evolve, NO_SETTINGS, type SettingsState } from "./state.ts";

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

/** What was appended (nothing, perhaps), and the sequence of the settings from which it counts. */
export interface SettingsChange {
  readonly facts: readonly SettingsFact[];
  /** Who follows the settings up to here has seen the change (`LiveSettings.seq`). */
  readonly seq: number;
}

/**
 * Appends what `decide` wants on the state as it stands (nothing, when it wants nothing), as one
 * commit. Whatever `decide` throws goes through: it refuses.
 *
 * @param by who did it, for the envelope: `user:<e-mail>`, `api-key:<key>`, `operator`
 */
export async function changeSettings(
  events: EventLog,
  decide: (state: SettingsState) => readonly SettingsFact[] | Promise<readonly SettingsFact[]>,
  now: () => number,
  by?: string,
): Promise<SettingsChange> {
  while (true) {
    const { state, seq } = await readSettings(events);
    const facts = await decide(state);
    if (facts.length === 0) return { facts, seq };
    const at = now();
    const envelope = by === undefined ? { at } : { at, by };
    const made = facts.map(({ type, account, data }) =>
      event(
        type,
        { id: uuidv7(at), account, ...envelope },
        data as EventData<typeof type>,
      ) as NewEvent
    );
    try {
      const [first] = await events.appendExpecting(made, seq);
      return { facts, seq: first!.seq };
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
