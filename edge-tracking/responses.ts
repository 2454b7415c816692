/** The answers: made anew each time (a body is read once) from parts made once. */

/** Names and values. */
export type Fields = readonly (readonly [string, string])[];

/** A transparent GIF of one pixel, 43 bytes. */
export const PIXEL = Uint8Array.from(
  atob("R0lGODlhAQABAIABAAAAAAAAACH5BAEAAAEALAAAAAABAAEAAAICTAEAOw=="),
  (c) => c.charCodeAt(0),
);

/** No copy is kept anywhere: each opening and each click is to be seen. */
export const UNSEEN: Fields = [
  ["cache-control", "no-store, private"],
  ["x-content-type-options", "nosniff"],
];
export const OF_PIXEL: Fields = [
  ...UNSEEN,
  ["content-type", "image/gif"],
  // Web mail shows it in pages of another origin.
  ["cross-origin-resource-policy", "cross-origin"],
];
export const OF_REDIRECT: Fields = [...UNSEEN, ["referrer-policy", "no-referrer"]];
const FOUND = { status: 302 };
const utf8 = new TextEncoder();

/**
 * Setting headers one by one takes a third of the time that handing them to the constructor takes.
 * What is at hand says how long it is, for HEAD too (RFC 9110 §8.6): runtimes only see no body there.
 */
export function respond(
  body: string | Uint8Array<ArrayBuffer> | ReadableStream | null,
  fields: Fields,
  init?: ResponseInit,
): Response {
  const bytes = typeof body === "string" ? utf8.encode(body) : body;
  const response = new Response(bytes, init);
  const { headers } = response;
  if (bytes instanceof Uint8Array) headers.set("content-length", String(bytes.length));
  for (const [name, value] of fields) headers.set(name, value);
  return response;
}

export function pixel(): Response {
  return respond(PIXEL, OF_PIXEL);
}

/** @param url a signed target, http or https */
export function redirect(url: string): Response {
  const response = respond(null, OF_REDIRECT, FOUND);
  response.headers.set("location", locationOf(url));
  return response;
}

/** Where a redirect leads: to the letter where a header can hold it; else as URLs are written out. */
export function locationOf(url: string): string {
  return /^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href;
}

/** RFC 9110 §9.3.7 (OPTIONS) and §15.5.6: what may be done with this resource. */
export function methods(status: 204 | 405, allow: string): Response {
  return respond(null, [...UNSEEN, ["allow", allow]], { status });
}

/** Nothing here is for search engines. */
export function robots(): Response {
  return respond("User-agent: *\nDisallow: /\n", [
    ["content-type", "text/plain; charset=utf-8"],
    ["x-content-type-options", "nosniff"],
  ]);
}
