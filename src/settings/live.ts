/** Settings that follow the log: fold once at start, then stay current. */
import { follow } from "../follow/mod.ts";
import type { EventLog } from "../log/mod.ts";
import type { Vault } from "./secrets.ts";
import { evolve, NO_SETTINGS, type SettingsState } from "./state.ts";

export interface LiveSettings {
  /** The state now. Hold on to it only for one decision. */
  readonly now: SettingsState;
  /** Sequence of the last settings commit folded; 0 when there is none. */
  readonly seq: number;
  /** The secret bytes of a sealed value. Cached. @throws {SealError} when the master key is another one. */
  unseal(sealed: string): Uint8Array;
  /** Called after each change. */
  onChange(listener: (state: SettingsState) => void): void;
}

/**
 * Folds all settings of the log, resolves, and goes on following until `signal` aborts. When the
 * log is away the last state stays in force.
 */
export async function followSettings(options: {
  events: EventLog;
  vault: Vault;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}): Promise<LiveSettings> {
  const { events, vault, signal, onError } = options;
  const listeners: ((state: SettingsState) => void)[] = [];
  const unsealed = new Map<string, Uint8Array>();
  const live = {
    now: NO_SETTINGS,
    seq: 0,
    unseal(sealed: string) {
      let secret = unsealed.get(sealed);
      if (secret === undefined) unsealed.set(sealed, secret = vault.unseal(sealed));
      return secret;
    },
    onChange: (listener: (state: SettingsState) => void) => void listeners.push(listener),
  };

  await follow({ events, signal, onError }, ["settings"], (commit) => {
    live.now = commit.events.reduce(evolve, live.now);
    live.seq = commit.seq;
    for (const listener of listeners) listener(live.now);
  });
  return live;
}
