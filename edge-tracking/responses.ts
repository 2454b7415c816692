/** The answers machines get: made anew each time (a body is read once) from parts made once. */

/** A transparent GIF of one pixel, 43 bytes. */
const PIXEL = Uint8Array.from(
  atob("R0lGODlhAQABAIABAAAAAAAAACH5BAEAAAEALAAAAAABAAEAAAICTAEAOw=="),
  (c) => c.charCodeAt(0),
);

/** No copy is kept anywhere: each opening and each click is to be seen. */
const UNSEEN = {
  "cache-control": "no-store, private",
  "x-content-type-options": "nosniff",
};
const PIXEL_INIT = {
  headers: {
    ...UNSEEN,
    "content-type": "image/gif",
    // Web mail shows it in pages of another origin.
    "cross-origin-resource-policy": "cross-origin",
  },
};

export function pixel(): Response {
  return new Response(PIXEL, PIXEL_INIT);
}

/** @param url a signed target, http or https */
export function redirect(url: string): Response {
  return new Response(null, {
    status: 302,
    headers: { ...UNSEEN, "location": asHeader(url), "referrer-policy": "no-referrer" },
  });
}

/** The target to the letter where a header can hold it; else as URLs are written out. */
function asHeader(url: string): string {
  return /^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href;
}

/** RFC 9110 §9.3.7 (OPTIONS) and §15.5.6: what may be done with this resource. */
export function methods(status: 204 | 405, allow: string): Response {
  return new Response(null, { status, headers: { ...UNSEEN, allow } });
}

/** Nothing here is for search engines. */
export function robots(): Response {
  return new Response("User-agent: *\nDisallow: /\n", {
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
  });
}
