/** The secrets that sign tracking tokens and return paths: who signs, who verifies, and their change. */
import type { KeyOf, SigningKey } from "../rules/mod.ts";
import { PLATFORM } from "./accounts.ts";
import { fact, type SettingsFact } from "./fact.ts";
import type { LiveSettings } from "./live.ts";
import { RefusedError } from "./refused.ts";
import { SealError, type Vault } from "./secrets.ts";
import type { SettingsState, TokenKey } from "./state.ts";

type Secrets = Pick<LiveSettings, "now" | "unseal">;

const MAX_KID = 0xffff;

/**
 * Finds a secret by its key id in the settings as they stand. A key that is retired, or that another
 * master key sealed, is as good as none: what it signed is not ours.
 */
export function tokenKeyOf(settings: Secrets): KeyOf {
  return (kid) => {
    const key = settings.now.tokenKeys.get(kid);
    if (key === undefined || key.retiredAt !== null) return undefined;
    try {
      return settings.unseal(key.secret);
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  };
}

/** The key that signs. @throws {Error} before the platform has one. @throws {SealError} */
export function signingKey(settings: Secrets): SigningKey {
  const key = newest(settings.now);
  if (key === undefined) throw new Error("there is no key for tracking tokens");
  return { kid: key.kid, secret: settings.unseal(key.secret) };
}

/**
 * The secret behind the tags of recipients (rules/recipient): the oldest one, retired or not, so
 * that a tag is the same for ever.
 * @throws {Error} before the platform has a key. @throws {SealError}
 */
export function recipientSecret(settings: Secrets): Uint8Array {
  const [oldest] = settings.now.tokenKeys.values();
  if (oldest === undefined) throw new Error("there is no key for tracking tokens");
  return settings.unseal(oldest.secret);
}

/** A new key that signs from now on; the ones before go on verifying. @throws {RefusedError} */
export function rotateTokenKey(
  state: SettingsState,
  { vault, random }: { vault: Vault; random: (bytes: number) => Uint8Array },
): SettingsFact[] {
  const kid = Math.max(0, ...state.tokenKeys.keys()) + 1;
  if (kid > MAX_KID) throw new RefusedError("forbidden", "there are no key ids left");
  return [fact("settings.token-key-created", PLATFORM, { kid, secret: vault.seal(random(32)) })];
}

/** Ends a key: links and return paths that it signed are not ours any more. @throws {RefusedError} */
export function retireTokenKey(state: SettingsState, kid: number): SettingsFact[] {
  const key = state.tokenKeys.get(kid);
  if (key === undefined) throw new RefusedError("unknown", `there is no token key ${kid}`);
  if (key.retiredAt !== null) return [];
  if (key === newest(state)) {
    throw new RefusedError("forbidden", `token key ${kid} is the one that signs: rotate first`);
  }
  return [fact("settings.token-key-retired", PLATFORM, { kid })];
}

function newest({ tokenKeys }: SettingsState): TokenKey | undefined {
  return [...tokenKeys.values()].at(-1);
}
