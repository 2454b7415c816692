/** The few files that browsers load besides pages. They travel inside the program. */
import { Hono } from "hono";
import { createHash } from "node:crypto";
import base from "../static/css/base.css" with { type: "text" };
import header from "../static/css/header.css" with { type: "text" };
import controls from "../static/css/controls.css" with { type: "text" };
import ground from "../static/css/ground.css" with { type: "text" };
import status from "../static/css/status.css" with { type: "text" };
import overview from "../static/css/overview.css" with { type: "text" };
import list from "../static/css/list.css" with { type: "text" };
import message from "../static/css/message.css" with { type: "text" };
import analysis from "../static/css/analysis.css" with { type: "text" };
import mailbox from "../static/css/mailbox.css" with { type: "text" };
import narrow from "../static/css/narrow.css" with { type: "text" };
import favicon from "../static/favicon.svg" with { type: "text" };
import app from "../static/app.js" with { type: "text" };
import live from "../static/live.js" with { type: "text" };
import morph from "../static/morph.js" with { type: "text" };
import type { Env } from "../deps.ts";

/** One file for browsers; the order is the cascade's. */
const css = [
  base,
  header,
  controls,
  ground,
  status,
  overview,
  list,
  message,
  analysis,
  mailbox,
  narrow,
].join("\n");
const script = "text/javascript; charset=utf-8";
const FILES: Record<string, { text: string; type: string }> = {
  "app.css": { text: css, type: "text/css; charset=utf-8" },
  "app.js": { text: app, type: script },
  "live.js": { text: live, type: script },
  "morph.js": { text: morph, type: script },
  "favicon.svg": { text: favicon, type: "image/svg+xml" },
};

/** Changes when any file does; stands in the URLs, so that browsers may keep files for ever. */
const VERSION = createHash("sha256").update(JSON.stringify(FILES)).digest("hex").slice(0, 12);

/** URL of a static file. Scripts import each other by relative path and stay in the same version. */
export const assetUrl = (name: string) => `/static/${VERSION}/${name}`;

export function assets(): Hono<Env> {
  return new Hono<Env>().get("/static/:version/:name", (c) => {
    const file = FILES[c.req.param("name")];
    if (file === undefined || c.req.param("version") !== VERSION) return c.notFound();
    return c.body(file.text, 200, {
      "Content-Type": file.type,
      "Cache-Control": "public, max-age=31536000, immutable",
    });
  });
}
