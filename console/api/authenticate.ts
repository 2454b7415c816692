/** Whose data an API request may see: by API key, or by the console's session. */
import type { ApiKey } from "@chappe/src/settings";
import { createMiddleware } from "hono/factory";
import { createHash } from "node:crypto";
import type { Sessions } from "../auth/session.ts";
import type { Env } from "../deps.ts";
import { problem } from "./problem.ts";

/** `apiKeys`: by SHA-256 digest (hex), as they stand now. */
export function authenticate(sessions: Sessions, apiKeys: () => ReadonlyMap<string, ApiKey>) {
  return createMiddleware<Env>(async (c, next) => {
    const authorization = c.req.header("authorization");
    if (authorization === undefined) {
      const user = await sessions.user(c);
      if (user === null) {
        c.header("WWW-Authenticate", 'Bearer realm="chappe"');
        return problem(c, 401, "an API key is needed: Authorization: Bearer <key>");
      }
      c.set("account", user.account);
    } else {
      const key = /^Bearer +([\x21-\x7e]+)$/i.exec(authorization)?.[1];
      const known = key === undefined ? undefined : apiKeys().get(digestOf(key));
      if (known === undefined) {
        c.header("WWW-Authenticate", 'Bearer realm="chappe", error="invalid_token"');
        return problem(c, 401, "this API key is not valid");
      }
      c.set("account", known.account);
    }
    await next();
  });
}

function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
