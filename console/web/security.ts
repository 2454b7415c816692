/** Headers and checks that hold for every answer. */
import { createMiddleware } from "hono/factory";
import { HTTPException } from "hono/http-exception";
import type { Env } from "../deps.ts";

/** Pages load nothing but what this server serves, and no script stands in them. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Sets what the handler has not set itself. */
export function securityHeaders(publicUrl: string) {
  const defaults: Record<string, string> = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
  };
  if (publicUrl.startsWith("https:")) {
    defaults["Strict-Transport-Security"] = "max-age=31536000";
  }
  return createMiddleware<Env>(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(defaults)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
}

/**
 * Refuses what another site makes a browser send (CSRF). Browsers say where an unsafe request comes
 * from in Sec-Fetch-Site, older ones in Origin; a client that sends neither is no browser.
 */
export function sameOriginOnly(publicUrl: string) {
  const ours = new URL(publicUrl).origin;
  return createMiddleware<Env>(async (c, next) => {
    if (!["GET", "HEAD", "OPTIONS"].includes(c.req.method)) {
      const site = c.req.header("sec-fetch-site");
      const origin = c.req.header("origin");
      const allowed = site !== undefined
        ? site === "same-origin" || site === "none"
        : origin === undefined || origin === ours || origin === new URL(c.req.url).origin;
      if (!allowed) throw new HTTPException(403, { message: "the request came from another site" });
    }
    await next();
  });
}
