/** Whose data an API request may see, and as whom: by API key, or by the console's session. */
import { digestApiKey, type SettingsState } from "@chappe/src/settings";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import { isOfPlatform, type Principal } from "../auth/principal.ts";
import type { Sessions } from "../auth/session.ts";
import type { Env } from "../deps.ts";
import { problem } from "./problem.ts";

/** Tells who it is. `seen` hears of each request that comes in by an API key. */
export function authenticate(options: {
  sessions: Sessions;
  settings: () => SettingsState;
  seen: (c: Context<Env>, principal: Principal) => void;
}) {
  const { sessions, settings, seen } = options;
  return createMiddleware<Env>(async (c, next) => {
    const authorization = c.req.header("authorization");
    let principal: Principal;
    if (authorization === undefined) {
      const user = await sessions.user(c);
      if (user === null) return refused(c, "", "an API key is needed: Authorization: Bearer <key>");
      principal = { account: user.account, role: user.role, kind: "user", name: user.email };
    } else {
      const key = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization)?.[1];
      const known = key === undefined ? undefined : settings().apiKeys.get(digestApiKey(key));
      if (known === undefined) {
        return refused(c, ', error="invalid_token"', "this API key is not valid");
      }
      const { account, role, key: name } = known;
      principal = { account, role, kind: "api-key", name };
      seen(c, principal);
    }
    c.set("principal", principal);
    c.set("account", principal.account);
    await next();
  });
}

function refused(c: Context<Env>, more: string, detail: string): Response {
  c.header("WWW-Authenticate", `Bearer realm="chappe"${more}`);
  return problem(c, 401, detail);
}

/** For the operator of the installation. To everybody else there is no account but their own. */
export const platformOnly = createMiddleware<Env>(async (c, next) => {
  const principal = c.get("principal");
  if (!isOfPlatform(principal)) {
    throw new HTTPException(404, { message: "there is nothing here" });
  }
  if (principal.role !== "owner") {
    throw new HTTPException(403, { message: "this needs a key of the platform, role owner" });
  }
  await next();
});

/** Under `/accounts/{account}`: what follows is about that account. */
export function actFor(settings: () => SettingsState) {
  return createMiddleware<Env>(async (c, next) => {
    const account = c.req.param("account") ?? "";
    if (!settings().accounts.has(account)) {
      throw new HTTPException(404, { message: "there is no such account" });
    }
    c.set("account", account);
    await next();
  });
}
