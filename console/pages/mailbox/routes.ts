/** Routes of the sandbox's mailbox. */
import type { Mailbox } from "@chappe/src/log";
import { type Context, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Env } from "../../deps.ts";
import { frameResponse } from "../../mail/frame.ts";
import { readMail } from "../../mail/read.ts";
import { download } from "../../web/download.ts";
import { mailboxPage } from "./page.tsx";
import { type Opened, READER_VIEWS, type ReaderView } from "./reader.tsx";

const LISTED = 200;

export function mailboxRoutes(mailbox: Mailbox, tryLine: string): Hono<Env> {
  const missing = () => new HTTPException(404, { message: "there is no such mail" });

  const open = async (c: Context<Env>): Promise<Opened> => {
    const seq = c.req.param("seq") ?? "";
    const found = /^\d{1,15}$/.test(seq) ? await mailbox.get(Number(seq)) : null;
    if (found === null) throw missing();
    return { seq: Number(seq), at: found.at, raw: found.raw, mail: await readMail(found.raw) };
  };

  return new Hono<Env>()
    .get("/", async (c) => {
      const entries = await mailbox.list(LISTED);
      return c.html(mailboxPage(c.get("view"), { entries, opened: null, show: "html", tryLine }));
    })
    .get("/:seq", async (c) => {
      const opened = await open(c);
      const wanted = READER_VIEWS.find((view) => view === c.req.query("view"));
      const show: ReaderView = wanted ?? (opened.mail?.html === null ? "text" : "html");
      const entries = await mailbox.list(LISTED);
      return c.html(mailboxPage(c.get("view"), { entries, opened, show, tryLine }));
    })
    .get("/:seq/html", async (c) => {
      const { mail } = await open(c);
      if (mail === null || mail.html === null) throw missing();
      return frameResponse(mail.html, mail.attachments, "working");
    })
    .get("/:seq/source", async (c) => {
      const { seq, raw } = await open(c);
      return download(raw, "message/rfc822", `mail-${seq}.eml`);
    })
    .get("/:seq/attachments/:index", async (c) => {
      const { mail } = await open(c);
      const index = c.req.param("index");
      const file = /^\d{1,5}$/.test(index) ? mail?.attachments[Number(index)] : undefined;
      if (file === undefined) throw missing();
      return download(file.content, file.type, file.name || `attachment-${index}`);
    });
}
