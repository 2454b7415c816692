/**
 * The edge: answers opens, clicks, unsubscribe requests and requests for files from nothing but the
 * signed token in the path, from who has withdrawn consent, and from which links are disabled. No
 * cookie; whatever is not signed by us is not found.
 */
import { type TokenClaims, verifyToken } from "@chappe/src/rules";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { fileResponse, type FileSource } from "./file.ts";
import { type ChoiceEvent, isCounted, unmeasured, unsubscribed } from "./hit.ts";
import { createHits, type HitOptions } from "./hits.ts";
import type { Answer } from "./judge.ts";
import { type Language, languageOf } from "./language.ts";
import { FORM, type Page, page } from "./pages.ts";
import { methods, pixel, redirect, robots } from "./responses.ts";

export interface EdgeOptions extends HitOptions {
  files: FileSource;
  /** Takes a choice and tells whether it is in the log; may take its time, or fail to know: false. */
  confirm: (event: ChoiceEvent, token: string) => Promise<boolean>;
}

/** What the runtime's entry knows of a request: Hono's `env`. */
export interface EdgeRuntime {
  /** The client's IP address, behind trusted proxies; empty where it is not known. */
  clientAddress: string;
}

type EdgeContext = Context<{ Bindings: EdgeRuntime }>;
const HITS = [["o", "open"], ["c", "click"]] as const;
/** A POST to unsubscribe carries one short field. */
const MAX_FORM = 4096;

export function createEdge(options: EdgeOptions): Hono<{ Bindings: EdgeRuntime }> {
  const { keyOf, disabled, files, confirm, now, newId } = options;
  const hits = createHits(options);
  const app = new Hono<{ Bindings: EdgeRuntime }>();

  for (const [route, kind] of HITS) {
    app.get(`/${route}/:token`, (c) => {
      const isShown = c.req.raw.method === "GET"; // Hono answers HEAD by the GET route.
      return shown(hits.answer(kind, c.req.param("token"), isShown ? askerOf(c) : null), c.req.raw);
    });
  }
  app.get("/f/:token", async (c) => {
    const token = c.req.param("token");
    const claims = claimsOf(c, "file");
    if (claims === null) return show(c, "not-found");
    if (disabled(claims)) return show(c, "disabled");
    const isShown = c.req.raw.method === "GET";
    if (isShown && isCounted(claims)) hits.note(claims, token, askerOf(c));
    const opened = await files.open(claims, token);
    if (typeof opened === "string") return show(c, `file-${opened}`);
    if (isShown) return fileResponse(claims.name, opened);
    await opened.bytes.cancel();
    return fileResponse(claims.name, { ...opened, bytes: null });
  });
  // Scanners follow links: looking changes nothing, only sending does.
  app.get("/u/:token", (c) => show(c, claimsOf(c, "unsubscribe") === null ? "not-found" : "ask"));
  app.post(
    "/u/:token",
    bodyLimit({ maxSize: MAX_FORM, onError: (c) => show(c as EdgeContext, "unclear") }),
    async (c) => {
      const claims = claimsOf(c, "unsubscribe");
      if (claims === null) return show(c, "not-found");
      const choice = await choiceOf(c);
      if (choice === null) return show(c, "unclear");
      const moment = { at: now(), id: newId(now()) };
      const [event, done] = choice === "measuring"
        ? [unmeasured(claims, moment), "unmeasured"] as const
        : [unsubscribed(claims, moment.at, choice), "done"] as const;
      return show(c, await confirm(event, c.req.param("token")) ? done : "later");
    },
  );
  app.get("/robots.txt", () => robots());
  app.get("/healthz", (c) => c.text("ok"));

  const others = { o: "open", c: "click", u: "unsubscribe", f: "file" } as const;
  app.all("/:route{[ocuf]}/:token", (c) => {
    const route = c.req.param("route") as keyof typeof others;
    if (claimsOf(c, others[route]) === null) return show(c, "not-found");
    const allow = route === "u" ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS";
    return methods(c.req.method === "OPTIONS" ? 204 : 405, allow);
  });
  app.notFound((c) => show(c, "not-found"));

  // Nearly all requests are one of two kinds of GET; routing them takes Hono as long as all the rest.
  const route = app.fetch;
  app.fetch = (request, runtime, context) =>
    shortcut(request, runtime as EdgeRuntime) ?? route(request, runtime, context);
  return app;

  function shortcut(request: Request, runtime: EdgeRuntime): Response | null {
    if (request.method !== "GET") return null;
    const path = /^https?:\/\/[^/]*\/([oc])\/([\w-]+)(?:\?|$)/.exec(request.url);
    if (path === null) return null;
    const kind = path[1] === "o" ? "open" : "click";
    const asker = { headers: request.headers, clientAddress: runtime.clientAddress };
    return shown(hits.answer(kind, path[2]!, asker), request);
  }

  function claimsOf<K extends TokenClaims["kind"]>(c: EdgeContext, kind: K) {
    const claims = verifyToken(c.req.param("token") ?? "", keyOf);
    return claims?.kind === kind ? claims as Extract<TokenClaims, { kind: K }> : null;
  }
}

/** RFC 8058 §3.2 (a mail program) or one of our page's own forms; null for anything else. */
async function choiceOf(c: EdgeContext): Promise<"one-click" | "page" | "measuring" | null> {
  const form = await c.req.parseBody().catch(() => ({} as Record<string, unknown>));
  if (form["List-Unsubscribe"] === "One-Click") return "one-click";
  if (form[FORM.name] === FORM.unsubscribe) return "page";
  return form[FORM.name] === FORM.measuring ? "measuring" : null;
}

function askerOf(c: EdgeContext) {
  return { headers: c.req.raw.headers, clientAddress: c.env.clientAddress };
}

function shown(answer: Answer, { headers }: Request): Response {
  if (answer === "pixel") return pixel();
  return typeof answer === "string" ? page(answer, languageIn(headers)) : redirect(answer.to);
}

function show(c: EdgeContext, name: Page): Response {
  return page(name, languageIn(c.req.raw.headers));
}

function languageIn(headers: Headers): Language {
  return languageOf(headers.get("accept-language") ?? undefined);
}
