/** Who is logged in: a signed cookie, without any state on the server. */
import type { User } from "@chappe/src/settings";
import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import { createHash } from "node:crypto";
import type { Env } from "../deps.ts";

const COOKIE = "chappe_session";
const LIFETIME_MS = 12 * 3_600_000;

export interface Sessions {
  open(c: Context<Env>, user: User): Promise<void>;
  /** The user of a valid session; null when there is none, it ended, or the password changed since. */
  user(c: Context<Env>): Promise<User | null>;
  close(c: Context<Env>): void;
}

export function createSessions(options: {
  secret: Uint8Array;
  /** By e-mail address, lower case, as they stand now. */
  users: () => ReadonlyMap<string, User>;
  now: () => number;
  /** Whether browsers may send the cookie over HTTPS only. */
  secure: boolean;
}): Sessions {
  const secret = new Uint8Array(options.secret);
  const attributes = {
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
    secure: options.secure,
  } as const;

  return {
    open(c, user) {
      const value = [options.now() + LIFETIME_MS, passwordMark(user), user.email].join(" ");
      return setSignedCookie(c, COOKIE, value, secret, {
        ...attributes,
        maxAge: LIFETIME_MS / 1000,
      });
    },
    async user(c) {
      const value = await getSignedCookie(c, secret, COOKIE);
      if (typeof value !== "string") return null;
      const [ends, mark, email] = value.split(" ");
      const user = options.users().get(email ?? "");
      if (user === undefined || mark !== passwordMark(user)) return null;
      return Number(ends) > options.now() ? user : null;
    },
    close(c) {
      deleteCookie(c, COOKIE, attributes);
    },
  };
}

/** Changes with the password, so that a new one ends the sessions of the old one. */
function passwordMark(user: User): string {
  return createHash("sha256").update(user.hash).digest("hex").slice(0, 16);
}
