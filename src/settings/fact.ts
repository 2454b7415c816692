/** Settings facts as decisions make them: checked against the catalogue, without id and time. */
import {
  CATALOGUE,
  type Event,
  type EventData,
  type EventType,
  type Family,
} from "../events/mod.ts";
import { RefusedError } from "./refused.ts";
import { evolve, type SettingsState } from "./state.ts";

type SettingsType = Extract<EventType, `${Extract<Family, "settings">}.${string}`>;

/** A settings fact before it has an id and a time. */
export type SettingsFact = {
  [T in SettingsType]: { type: T; account: string; data: EventData<T> };
}[SettingsType];

/** A fact of the current version. @throws {RefusedError} when the data does not fit its schema. */
export function fact<T extends SettingsType>(
  type: T,
  account: string,
  data: EventData<T>,
): SettingsFact {
  return { type, account, data: checked(type, data) } as SettingsFact;
}

/** @throws {RefusedError} when the data does not fit the schema of the type. */
export function checked<T extends EventType>(type: T, data: EventData<T>): EventData<T> {
  const result = CATALOGUE[type].data.safeParse(data);
  if (result.success) return data;
  const { path, message } = result.error.issues[0]!;
  throw new RefusedError("invalid", `${path.join(".")}: ${message}`);
}

/** The state once the facts are in the log: what a decision in several steps goes on with. */
export function supposing(
  state: SettingsState,
  facts: readonly SettingsFact[],
  at = 0,
): SettingsState {
  return facts
    .map((f) => ({ ...f, id: "", v: CATALOGUE[f.type].v, at, recorded: at }) as Event)
    .reduce(evolve, state);
}
