/** Routes of the hot zones of messages and campaigns. */
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { heatmapOf } from "../../api/heatmap.ts";
import { type Mailing, newestOf } from "../../api/mailing.ts";
import type { ConsoleDeps, Env } from "../../deps.ts";
import { frameResponse, plainDocument } from "../../mail/frame.ts";
import { readMail } from "../../mail/read.ts";
import { bodyOf } from "../../web/guarded.ts";
import { heatStyle, markedMail } from "./marked_mail.ts";
import { heatPage } from "./page.tsx";

type Deps = Pick<ConsoleDeps, "queries" | "bodies" | "optionsHeader">;

export function heatRoutes(deps: Deps): Hono<Env> {
  const { queries, bodies, optionsHeader } = deps;

  async function show(c: Context<Env>, mailing: Mailing): Promise<Response> {
    const account = c.get("account");
    const heatmap = await heatmapOf(deps, account, mailing);
    const { items: [copy] } = await queries.messages(account, mailing, { limit: 1 });
    if (copy === undefined) throw new HTTPException(404, { message: "there is no such mailing" });
    return await c.html(heatPage({ view: c.get("view"), mailing, copy, heatmap }));
  }

  /** The mail alone, for a frame without rights. */
  async function draw(c: Context<Env>, mailing: Mailing): Promise<Response> {
    const { t, format } = c.get("view");
    const account = c.get("account");
    const { body, sender } = await newestOf(queries, account, mailing);
    const source = await bodyOf(bodies, body);
    if (source === null) return frameResponse(plainDocument(t.message.gone), [], "quiet");
    const options = { alternative: sender !== "", optionsName: optionsHeader };
    const mail = await readMail(markedMail(source, options));
    const { links } = await heatmapOf(deps, account, mailing);
    return frameResponse(
      mail?.html ?? plainDocument(mail?.text ?? t.mailbox.unreadable),
      mail?.attachments ?? [],
      "quiet",
      heatStyle(links, format),
    );
  }

  const ofMessage = (c: Context<Env>) => ({ message: (c.req.param("id") ?? "").toLowerCase() });
  const ofCampaign = (c: Context<Env>) => ({ campaign: c.req.param("id") ?? "" });
  return new Hono<Env>()
    .get("/messages/:id/hot-zones", (c) => show(c, ofMessage(c)))
    .get("/messages/:id/hot-zones/mail", (c) => draw(c, ofMessage(c)))
    .get("/campaigns/:id/hot-zones", (c) => show(c, ofCampaign(c)))
    .get("/campaigns/:id/hot-zones/mail", (c) => draw(c, ofCampaign(c)));
}
