/**
 * A mail's HTML as a document for a sandboxed frame. Whatever the mail holds, its scripts do not
 * run and its origin is none, so that it cannot reach the console or its session; the frame and the
 * document's own policy both say so.
 */
import { html } from "hono/html";
import type { MailFile } from "./read.ts";

/**
 * `quiet`: loads nothing and opens nothing. `working`: loads images, opens links in new tabs, and saves
 * what they lead to.
 */
export type FrameMode = "quiet" | "working";

/** Value of the frame's `sandbox` attribute. */
export const SANDBOX: Record<FrameMode, string> = {
  quiet: "",
  working: "allow-popups allow-popups-to-escape-sandbox allow-downloads",
};

const IMAGES: Record<FrameMode, string> = {
  quiet: "data:",
  working: "data: http: https:",
};

export function frameResponse(
  source: string,
  attachments: readonly MailFile[],
  mode: FrameMode,
  /** A style sheet of ours, which the mail's own come before. */
  style = "",
): Response {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `img-src ${IMAGES[mode]}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    `sandbox ${SANDBOX[mode]}`.trim(),
  ].join("; ");
  return new Response(documentOf(source, attachments, style), {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": policy,
      "X-Frame-Options": "SAMEORIGIN",
      "Referrer-Policy": "no-referrer",
    },
  });
}

/** Plain text as a document of its own. */
export function plainDocument(text: string): string {
  const style = "margin:1rem;font:14px/1.5 ui-monospace,monospace;white-space:pre-wrap";
  const escaped = html`${text}`;
  return `<!DOCTYPE html><body style="${style}">${escaped}</body>`;
}

/** Links open in new tabs; the doctype stays first, for it decides how browsers lay out. */
function documentOf(
  source: string,
  attachments: readonly MailFile[],
  style: string,
): string {
  const doctype = /^\s*<!doctype[^>]*>/i.exec(source)?.[0] ?? "";
  const rest = withInlineImages(source.slice(doctype.length), attachments);
  const sheet = style === "" ? "" : `<style>${style}</style>`;
  return `${doctype}<meta charset="utf-8"><base target="_blank">${sheet}${rest}`;
}

/** References to images that travel in the mail (RFC 2392) become the images themselves. */
function withInlineImages(source: string, attachments: readonly MailFile[]): string {
  const images = new Map(
    attachments.filter((file) => file.contentId !== null && /^image\/[\w.+-]+$/.test(file.type))
      .map((file) => [file.contentId, file]),
  );
  if (images.size === 0) return source;
  return source.replace(/cid:([^"'\s)>]+)/gi, (reference, id: string) => {
    const image = images.get(decodedId(id));
    return image === undefined
      ? reference
      : `data:${image.type};base64,${image.content.toBase64()}`;
  });
}

function decodedId(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
