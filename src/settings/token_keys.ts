/** The secrets that sign tracking tokens and return paths, as those who verify them need them. */
import type { KeyOf } from "../rules/mod.ts";
import type { LiveSettings } from "./live.ts";
import { SealError } from "./secrets.ts";

/**
 * Finds a secret by its key id in the settings as they stand. A key that another master key sealed
 * is as good as none: what it signed is not ours.
 */
export function tokenKeyOf(settings: Pick<LiveSettings, "now" | "unseal">): KeyOf {
  return (kid) => {
    const key = settings.now.tokenKeys.get(kid);
    if (key === undefined) return undefined;
    try {
      return settings.unseal(key.secret);
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  };
}

/**
 * The secret behind the tags of recipients (rules/recipient): the oldest one, which is never
 * removed, so that a tag is the same for ever.
 * @throws {Error} before the platform has a key. @throws {SealError}
 */
export function recipientSecret(settings: Pick<LiveSettings, "now" | "unseal">): Uint8Array {
  const [oldest] = settings.now.tokenKeys.values();
  if (oldest === undefined) throw new Error("there is no key for tracking tokens");
  return settings.unseal(oldest.secret);
}
