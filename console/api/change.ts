/** Changes of settings and addresses: made once, in the name of who asked, and seen by whoever asks next. */
import { type AddressFact, changeAddresses, type Held } from "@chappe/src/addresses";
import type { SendingState } from "@chappe/src/sending";
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

export type AddressDeps = Pick<ConsoleDeps, "events" | "sending" | "now">;

/** The same for source addresses, pools, calendars and rules. @returns how it leaves them */
export async function changeSources(
  { events, sending, now }: AddressDeps,
  by: string,
  decide: (held: Held) => readonly AddressFact[],
): Promise<SendingState> {
  const change = await changeAddresses(events, decide, now, by);
  await within(2000, () => sending.seq >= change.seq);
  return change.sending;
}
