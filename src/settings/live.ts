/** Settings that follow the log: fold once at start, then stay current. */
import type { SettingsState } from "./state.ts";

export interface LiveSettings {
  /** The state now. Hold on to it only for one decision. */
  readonly now: SettingsState;
  /** The secret bytes of a sealed value. Cached. @throws when the master key is another one. */
  unseal(sealed: string): Uint8Array;
  /** Called after each change. */
  onChange(listener: (state: SettingsState) => void): void;
}
