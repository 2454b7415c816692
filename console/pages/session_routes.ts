/** Signing in and out, and the choice of a language. */
import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { createLogin } from "../auth/login.ts";
import type { Sessions } from "../auth/session.ts";
import type { ConsoleDeps, Env } from "../deps.ts";
import { isLang } from "../i18n/mod.ts";
import { clientOf } from "../web/client.ts";
import { localPath, PREFERENCES } from "../web/view.ts";
import { loginPage } from "./login.tsx";

export function sessionRoutes(deps: ConsoleDeps, sessions: Sessions): Hono<Env> {
  const login = createLogin(deps);

  return new Hono<Env>()
    .get("/login", (c) => {
      const view = c.get("view");
      const next = localPath(c.req.query("next"));
      return view.user === null ? c.html(loginPage(view, { next })) : c.redirect(next, 303);
    })
    .post("/login", async (c) => {
      const form = await c.req.parseBody();
      const view = c.get("view");
      const { t, format } = view;
      const text = (name: string) => typeof form[name] === "string" ? form[name] : "";
      const next = localPath(text("next"));
      const email = text("email");
      const client = clientOf(c);
      const result = await login(email, text("password"), client);
      if (result.outcome === "welcome") {
        await sessions.open(c, result.user);
        deps.logger.info("console.login", { account: result.user.account, client });
        return c.redirect(next, 303);
      }
      deps.logger.warn("console.login-refused", { outcome: result.outcome, client });
      if (result.outcome === "wrong") {
        return c.html(loginPage(view, { next, email, error: t.login.wrong }), 401);
      }
      c.header("Retry-After", String(Math.ceil(result.waitMs / 1000)));
      const error = t.login.throttled(format.duration(Math.ceil(result.waitMs / 1000) * 1000));
      return c.html(loginPage(view, { next, email, error }), 429);
    })
    .post("/logout", (c) => {
      sessions.close(c);
      return c.redirect("/login", 303);
    })
    .post("/language", async (c) => {
      const { lang, back } = await c.req.parseBody();
      if (typeof lang === "string" && isLang(lang)) {
        setCookie(c, PREFERENCES.lang, lang, {
          path: "/",
          sameSite: "Lax",
          httpOnly: true,
          maxAge: 365 * 86_400,
        });
      }
      return c.redirect(localPath(back), 303);
    });
}
