/** Checks an e-mail address and password, slowly for those who guess. */
import type { User } from "@chappe/src/settings";
import type { ConsoleDeps } from "../deps.ts";
import { createThrottle } from "@chappe/src/rules";

export type LoginResult =
  | { outcome: "welcome"; user: User }
  | { outcome: "wrong" }
  | { outcome: "wait"; waitMs: number };

export type Login = (email: string, password: string, client: string) => Promise<LoginResult>;

const WAITS = { firstWaitMs: 1000, longestWaitMs: 300_000, capacity: 10_000 };

export function createLogin(
  deps: Pick<ConsoleDeps, "settings" | "verifyPassword" | "access" | "now">,
): Login {
  const { now } = deps;
  const byUser = createThrottle({ now, free: 5, ...WAITS });
  const byClient = createThrottle({ now, free: 100, ...WAITS });

  /** `client`: the address the attempt comes from. */
  return async (email, password, client) => {
    const address = email.trim().toLowerCase();
    // An address from elsewhere guessing at a user must not lock that user out: both make the key.
    const pair = `${client} ${address}`;
    const waitMs = byClient.attempt(client) || byUser.attempt(pair);
    if (waitMs > 0) return { outcome: "wait", waitMs };

    const user = deps.settings.now.users.get(address);
    // An unknown address takes as long as a wrong password, or the time would tell.
    const fits = await deps.verifyPassword(password, user?.hash);
    if (!fits || user === undefined) return { outcome: "wrong" };
    byUser.forget(pair);
    deps.access.used(user.account, "user", user.email, client);
    return { outcome: "welcome", user };
  };
}
