/** The web pages. */
import { type Context, Hono } from "hono";
import type { Sessions } from "../auth/session.ts";
import type { ConsoleDeps, Env } from "../deps.ts";
import { frameResponse, plainDocument } from "../mail/frame.ts";
import { readMail } from "../mail/read.ts";
import { download } from "../web/download.ts";
import { findHead, findMessage } from "../web/find_message.ts";
import { bodyOf } from "../web/guarded.ts";
import { analysisRoutes } from "./analysis/routes.ts";
import { heatRoutes } from "./heat/routes.ts";
import { mailboxRoutes } from "./mailbox/routes.ts";
import { messagePage } from "./message/page.tsx";
import { messagesPage } from "./messages/page.tsx";
import { RANGES } from "./overview/buckets.ts";
import { overviewPage } from "./overview/page.tsx";
import { sessionRoutes } from "./session_routes.ts";
import { HTTPException } from "hono/http-exception";

export function pages(deps: ConsoleDeps, sessions: Sessions): Hono<Env> {
  const { queries, bodies, mailbox, tryLine } = deps;

  const app = new Hono<Env>()
    .route("/", sessionRoutes(deps, sessions))
    .use(async (c, next) => {
      const { user, here } = c.get("view");
      if (user === null) return c.redirect(loginLink(c, here), 303);
      c.set("account", user.account);
      await next();
    })
    .get("/", async (c) => {
      const range = RANGES.find((range) => range === c.req.query("range")) ?? "24h";
      const options = { queries, account: c.get("account"), range, now: deps.now(), tryLine };
      return c.html(await overviewPage(c.get("view"), options));
    })
    .route("/analysis", analysisRoutes(deps))
    .route("/", heatRoutes(deps))
    .get("/messages", async (c) => {
      const parameters = new URL(c.req.url).searchParams;
      const options = { queries, account: c.get("account"), parameters, tryLine };
      const { content, status } = await messagesPage(c.get("view"), options);
      return c.html(content, status);
    })
    .get("/messages/:id", async (c) => {
      const detail = await findMessage(queries, c);
      const rcpt = c.req.query("rcpt");
      const chosen = rcpt === undefined ? null : Number(rcpt);
      return c.html(messagePage({ view: c.get("view"), detail, chosen }));
    })
    .get("/messages/:id/source", async (c) => {
      const { id, body } = await findHead(queries, c.get("account"), c.req.param("id"));
      const source = await bodyOf(bodies, body);
      if (source === null) throw new HTTPException(410, { message: "the content is gone" });
      return download(source, "message/rfc822", `${id}.eml`);
    })
    .get("/messages/:id/preview", async (c) => {
      const { body } = await findHead(queries, c.get("account"), c.req.param("id"));
      const { t } = c.get("view");
      const source = await bodyOf(bodies, body);
      if (source === null) return frameResponse(plainDocument(t.message.gone), [], "quiet");
      const mail = await readMail(source);
      const text = mail === null ? t.mailbox.unreadable : mail.text ?? "";
      const document = mail?.html ?? plainDocument(text);
      return frameResponse(document, mail?.attachments ?? [], "quiet");
    });

  return mailbox === null ? app : app.route("/mailbox", mailboxRoutes(mailbox, tryLine));
}

/** After login, back to the page that was asked for. */
function loginLink(c: Context<Env>, here: string): string {
  if (c.req.method !== "GET" || here === "/") return "/login";
  return `/login?next=${encodeURIComponent(here)}`;
}
