/** The console as one application: API, pages, health. */
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { except } from "hono/combine";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { api } from "./api/mod.ts";
import { problem, problemOfError, statusOfError } from "./api/problem.ts";
import { isSending } from "./api/send.ts";
import { isImport } from "./api/suppression_files.ts";
import { createSessions } from "./auth/session.ts";
import type { ConsoleDeps, Env } from "./deps.ts";
import { errorPage } from "./pages/error.tsx";
import { pages } from "./pages/mod.ts";
import { assets } from "./web/assets.ts";
import { guardedQueries } from "./web/guarded.ts";
import { health } from "./web/health.ts";
import { sameOriginOnly, securityHeaders } from "./web/security.ts";
import { viewOf } from "./web/view.ts";
import { messageOf } from "@chappe/src/runtime";

/** Nothing that may be posted is larger, in bytes, but files, which are read as they come. */
const LARGEST_BODY = 64 * 1024;

/**
 * The console, to be served by the caller: `Deno.serve(options, createConsole(deps).fetch)`. The
 * connection's address, which `Deno.serve` hands over, slows down who guesses passwords.
 */
export function createConsole(given: ConsoleDeps): Hono<Env> {
  const deps: ConsoleDeps = { ...given, queries: guardedQueries(given.queries) };
  const { publicUrl, settings, logger, mailbox } = deps;
  const sessions = createSessions({
    secret: deps.sessionSecret,
    users: () => settings.now.users,
    now: deps.now,
    secure: publicUrl.startsWith("https:"),
  });
  const app = new Hono<Env>();

  app.use(securityHeaders(publicUrl));
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed(c, methods) {
      c.header("Allow", methods.join(", "));
      return failed(c, 405, `${c.req.method} is not possible here`);
    },
  }));
  app.use(except(
    (c) => isImport(c.req.path) || isSending(c.req.path),
    bodyLimit({
      maxSize: LARGEST_BODY,
      onError() {
        throw new HTTPException(413, { message: `more than ${LARGEST_BODY} bytes` });
      },
    }),
  ));
  app.use(sameOriginOnly(publicUrl));
  app.route("/", health(deps));
  app.route("/", assets());
  app.route("/api/v1", api(deps, sessions));
  app.all("/api/*", (c) => problem(c, 404, "there is nothing here"));
  app.use(async (c, next) => {
    c.set("view", viewOf(c, await sessions.user(c), mailbox !== null));
    await next();
  });
  app.route("/", pages(deps, sessions));

  app.notFound((c) => failed(c, 404, "there is nothing here"));
  app.onError((error, c) => {
    const { status, detail } = statusOfError(error);
    if (status >= 500) {
      logger.error("console.failed", { path: c.req.path, error: messageOf(error.cause ?? error) });
    }
    return isForPrograms(c) ? problemOfError(c, error) : failed(c, status, detail);
  });

  return app;

  function failed(c: Context<Env>, status: Parameters<typeof problem>[1], detail: string) {
    if (isForPrograms(c)) return problem(c, status, detail);
    const view = c.get("view") ?? viewOf(c, null, mailbox !== null);
    return c.html(errorPage(view, status, detail), status);
  }
}

/** Errors of these are problem details; of anything else, pages. */
const isForPrograms = (c: Context<Env>) => /^\/(api\/|healthz$|readyz$|metrics$)/.test(c.req.path);
