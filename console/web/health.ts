/** Health and metrics for operators' tools; without login, and with nothing private in them. */
import { Hono } from "hono";
import type { ConsoleDeps, Env } from "../deps.ts";

export function health(deps: Pick<ConsoleDeps, "ready" | "metricsText">): Hono<Env> {
  return new Hono<Env>()
    .get("/healthz", (c) => c.json({ ok: true }))
    .get("/readyz", async (c) => {
      const readiness = await deps.ready();
      return c.json(readiness, readiness.ok ? 200 : 503);
    })
    .get("/metrics", async (c) =>
      c.body(await deps.metricsText(), 200, {
        "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
      }));
}
