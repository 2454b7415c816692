/** Changes of settings: made once, in the name of who asked, and seen by whoever asks next. */
import { changeSettings, type SettingsFact, type SettingsState } from "@chappe/src/settings";
import type { ConsoleDeps } from "../deps.ts";
import { within } from "./wait.ts";

export type ChangeDeps = Pick<ConsoleDeps, "events" | "settings" | "now">;

export type Decide = (
  state: SettingsState,
) => readonly SettingsFact[] | Promise<readonly SettingsFact[]>;

/**
 * Makes the change and waits (2 s at the most) until this process follows it.
 * @throws {RefusedError} @throws {LogUnavailableError} and nothing has changed, or nobody knows.
 */
export async function change(
  { events, settings, now }: ChangeDeps,
  by: string,
  decide: Decide,
): Promise<readonly SettingsFact[]> {
  const { facts, seq } = await changeSettings(events, decide, now, by);
  await within(2000, () => settings.seq >= seq);
  return facts;
}
