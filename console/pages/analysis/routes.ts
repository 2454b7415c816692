/** Routes of the analyses. */
import { type Context, Hono } from "hono";
import type { ConsoleDeps, Env } from "../../deps.ts";
import { ANALYSES, type AnalysisOptions, pathOf } from "./page.tsx";
import { bouncesPage } from "./bounces/page.tsx";
import { reactionsPage } from "./reactions/page.tsx";
import { technicalPage } from "./technical/page.tsx";

type Deps = Pick<ConsoleDeps, "queries" | "now" | "tryLine">;

const PAGES = { technical: technicalPage, bounces: bouncesPage, reactions: reactionsPage };

export function analysisRoutes({ queries, now, tryLine }: Deps): Hono<Env> {
  const optionsOf = (c: Context<Env>): AnalysisOptions => ({
    queries,
    account: c.get("account"),
    parameters: new URL(c.req.url).searchParams,
    now: now(),
    tryLine,
  });
  const app = new Hono<Env>().get("/", (c) => c.redirect(pathOf(ANALYSES[0]), 303));
  for (const analysis of ANALYSES) {
    app.get(`/${analysis}`, async (c) => {
      const { content, status } = await PAGES[analysis](c.get("view"), optionsOf(c));
      return c.html(content, status);
    });
  }
  return app;
}
