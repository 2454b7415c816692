/** The REST API under /api/v1. */
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Sessions } from "../auth/session.ts";
import type { ConsoleDeps, Env } from "../deps.ts";
import { download } from "../web/download.ts";
import { findMessage } from "../web/find_message.ts";
import { bodyOf } from "../web/guarded.ts";
import { authenticate } from "./authenticate.ts";
import { openApi } from "./openapi.ts";
import { filterOf, MessagesQuery, NoQuery, readQuery, StatsQuery } from "./parameters.ts";
import { messageDetail, messageItem } from "./shapes.ts";

export function api(deps: ConsoleDeps, sessions: Sessions): Hono<Env> {
  const { queries, bodies } = deps;
  const description = openApi(deps.publicUrl);

  return new Hono<Env>()
    .get("/openapi.json", (c) => c.json(description))
    .use(authenticate(sessions, () => deps.settings.now.apiKeys))
    .get("/messages", async (c) => {
      const query = readQuery(new URL(c.req.url).searchParams, MessagesQuery);
      const page = await queries.messages(c.get("account"), filterOf(query), query);
      return c.json({ items: page.items.map(messageItem), next: page.next });
    })
    .get("/messages/:id", async (c) => {
      readQuery(new URL(c.req.url).searchParams, NoQuery);
      return c.json(messageDetail(await findMessage(queries, c)));
    })
    .get("/messages/:id/source", async (c) => {
      readQuery(new URL(c.req.url).searchParams, NoQuery);
      const detail = await findMessage(queries, c);
      const source = await bodyOf(bodies, detail.body);
      if (source === null) {
        throw new HTTPException(410, { message: "the content is no longer kept" });
      }
      return download(source, "message/rfc822", `${detail.id}.eml`);
    })
    .get("/stats", async (c) => {
      const query = readQuery(new URL(c.req.url).searchParams, StatsQuery);
      return c.json(await queries.stats(c.get("account"), query));
    });
}
