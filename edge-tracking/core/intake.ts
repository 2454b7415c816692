/** Where the core takes what workers report, and tells them what they need to know. */
import type { NewEvent } from "@chappe/src/events";
import { verifyToken } from "@chappe/src/rules";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Outcome } from "../buffer.ts";
import { type FileSource, NO_FILE, servedType } from "../file.ts";
import { eventOf, type ReportJudgement } from "./report.ts";
import { isAuthorized } from "./secret.ts";
import { type CoreState, writeState } from "./state.ts";

export interface IntakeOptions extends Omit<ReportJudgement, "now"> {
  files: FileSource;
  /** Shared with the workers. */
  secret: string;
  state: () => CoreState;
  /** Takes an event and tells what became of it. */
  confirm: (event: NewEvent) => Promise<Outcome>;
  /** ms UTC. */
  now: () => number;
}

/** What became of each report; `refused`: it is none, and need not be sent again. */
export type ReportOutcome = Outcome | "refused";

/** Reports taken at a time. */
export const MAX_REPORTS = 500;
const MAX_BYTES = 16 * 1024 * 1024;

/** `GET /state`, `POST /reports`, `GET /files/…`; to whoever does not know the secret there is nothing here. */
export function createIntake(options: IntakeOptions): Hono {
  const { secret, state, files, keyOf, confirm, now } = options;
  let written = { version: "", body: "" };
  const app = new Hono();
  app.use(async (c, next) => {
    if (!isAuthorized(secret, c.req.header("authorization"))) return c.text("unknown bearer", 401);
    c.header("cache-control", "no-store");
    await next();
  });
  app.get("/state", async (c) => {
    const current = state();
    const etag = `"${current.version}"`;
    c.header("etag", etag);
    if (c.req.header("if-none-match") === etag) return c.body(null, 304);
    if (written.version !== current.version) {
      written = { version: current.version, body: await writeState(current, secret) };
    }
    return c.body(written.body, 200, { "content-type": "application/json" });
  });
  app.post(
    "/reports",
    bodyLimit({ maxSize: MAX_BYTES, onError: (c) => c.text("too large", 413) }),
    async (c) => {
      const reports: unknown = await c.req.json().catch(() => null);
      if (!Array.isArray(reports) || reports.length > MAX_REPORTS) {
        return c.text(`expected a list of ${MAX_REPORTS} reports at the most`, 400);
      }
      const judgement = { ...options, now: now() };
      const results = reports.map((report): Promise<ReportOutcome> | ReportOutcome => {
        const event = eventOf(report, judgement);
        return event === null ? "refused" : confirm(event);
      });
      return c.json({ results: await Promise.all(results) });
    },
  );
  app.get("/files/:token", async (c) => {
    const token = c.req.param("token");
    const claims = verifyToken(token, keyOf);
    if (claims?.kind !== "file" || options.disabled(claims, now())) {
      return c.text("no such file", 404);
    }
    const opened = await files.open(claims, token);
    if (typeof opened === "string") return c.text(opened, NO_FILE[opened]);
    const { type, size, bytes } = opened;
    return c.body(bytes, 200, {
      "content-type": servedType(type),
      "content-length": String(size),
    });
  });
  return app;
}
