/** Settings that follow the log: fold once at start, then stay current. */
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

  const target = await events.lastSeq("settings");
  const caughtUp = Promise.withResolvers<void>();
  if (target === 0) caughtUp.resolve();

  const follow = async () => {
    while (!signal.aborted) {
      try {
        const commits = events.read({
          families: ["settings"],
          after: live.seq,
          follow: true,
          signal,
        });
        for await (const commit of commits) {
          live.now = commit.events.reduce(evolve, live.now);
          live.seq = commit.seq;
          for (const listener of listeners) listener(live.now);
          if (live.seq >= target) caughtUp.resolve();
        }
      } catch (error) {
        onError(error);
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  };
  const following = follow();
  await Promise.race([caughtUp.promise, following]);
  return live;
}
