/**
 * For tests: what the edge must answer, on every runtime. Each request stands for itself; `hits` and
 * `choices` say what comes into the log of all of them together.
 */
import { decodeBase64url, encodeBase64url, mintToken, type SigningKey } from "@chappe/src/rules";

export const TARGET = "https://shop.example/a?b=c&d=%20#e";
/** Of a recipient whose consent must be withdrawn before. */
export const WITHDRAWN = 78n;

/** Keys and messages that the runtime under test knows of. */
export interface Known {
  key: SigningKey;
  /** Signed once, and is retired. */
  retired: SigningKey;
  message: string;
  /** Of the recipients, who withdraw consent in the end. */
  tag: bigint;
  /** Its links are disabled. */
  disabled: string;
  /** ms UTC. */
  prepared: number;
}

export function tokensOf({ key, retired, message, tag, disabled, prepared }: Known) {
  const copy = { account: "demo", message, rcpt: 2, tag, prepared, mailing: null };
  const full = { ...copy, mode: "full" } as const;
  const click = { kind: "click", link: 5, url: TARGET } as const;
  // The log has nothing there: such a file is no longer kept.
  const told = { seq: 2 ** 40, index: 0 };
  const file = { kind: "file", file: 0, name: "a b.pdf", link: 6, told } as const;
  const tokens = {
    open: mintToken({ ...full, kind: "open" }, key),
    click: mintToken({ ...full, ...click }, key),
    leave: mintToken({ ...full, kind: "unsubscribe" }, key),
    quietOpen: mintToken({ ...copy, mode: "date-only", rcpt: 3, kind: "open" }, key),
    quietClick: mintToken({ ...copy, mode: "date-only", rcpt: 3, ...click }, key),
    withdrawnOpen: mintToken({ ...full, tag: WITHDRAWN, kind: "open" }, key),
    withdrawnClick: mintToken({ ...full, tag: WITHDRAWN, ...click }, key),
    disabledOpen: mintToken({ ...full, message: disabled, kind: "open" }, key),
    disabledClick: mintToken({ ...full, message: disabled, ...click }, key),
    disabledLeave: mintToken({ ...full, message: disabled, kind: "unsubscribe" }, key),
    unicode: mintToken({ ...full, rcpt: 4, ...click, url: "https://bücher.example/ä b" }, key),
    retired: mintToken({ ...full, ...click }, retired),
    unknownKey: mintToken({ ...full, ...click }, { ...key, kid: 4711 }),
    file: mintToken({ ...full, rcpt: 5, ...file }, key),
    quietFile: mintToken({ ...full, rcpt: 5, ...file, link: null }, key),
    withdrawnFile: mintToken({ ...full, tag: WITHDRAWN, ...file }, key),
    disabledFile: mintToken({ ...full, message: disabled, ...file }, key),
    stranger: mintToken({ ...full, ...click }, { ...key, secret: new Uint8Array(32).fill(1) }),
  };
  return { ...tokens, otherTenant: withAccount(tokens.click, "duma") };
}

/** The same token for another account with an id as long, under the signature that was there. */
function withAccount(token: string, account: string): string {
  const bytes = new Uint8Array(decodeBase64url(token)!);
  bytes.set(new TextEncoder().encode(account), 4);
  return encodeBase64url(bytes);
}

type Tokens = ReturnType<typeof tokensOf>;

export interface Expected {
  request: string;
  headers?: Record<string, string>;
  form?: string;
  status: number;
  /** Headers of the answer; null: it must not be there. */
  has?: Record<string, string | null>;
  body?: RegExp;
}

const UNSEEN = { "cache-control": "no-store, private" };
const PIXEL = { ...UNSEEN, "content-type": "image/gif" };
const REDIRECT = { ...UNSEEN, "location": TARGET, "referrer-policy": "no-referrer" };
const NOWHERE = { ...UNSEEN, "location": null };
const FRENCH = { "accept-language": "fr-FR,fr;q=0.9" };
const LOOK = "GET, HEAD, OPTIONS";

export function requestsFor(t: Tokens): Expected[] {
  const lost = (request: string): Expected => ({ request, status: 404, has: NOWHERE });
  return [
    { request: `GET /o/${t.open}`, status: 200, has: PIXEL, body: /^GIF89a/ },
    { request: `GET /o/${t.open}?x=1`, headers: FRENCH, status: 200, has: PIXEL },
    {
      request: `HEAD /o/${t.open}`,
      status: 200,
      has: { ...PIXEL, "content-length": "43" },
      body: /^$/,
    },
    { request: `GET /c/${t.click}`, headers: FRENCH, status: 302, has: REDIRECT },
    { request: `GET /c/${t.click}?url=https://evil.example/`, status: 302, has: REDIRECT },
    { request: `HEAD /c/${t.click}`, status: 302, has: REDIRECT, body: /^$/ },
    {
      request: `GET /c/${t.unicode}`,
      status: 302,
      has: { location: "https://xn--bcher-kva.example/%C3%A4%20b" },
    },
    { request: `GET /o/${t.quietOpen}`, headers: FRENCH, status: 200, has: PIXEL },
    { request: `GET /c/${t.quietClick}`, headers: FRENCH, status: 302, has: REDIRECT },
    { request: `GET /o/${t.withdrawnOpen}`, status: 200, has: PIXEL },
    { request: `GET /c/${t.withdrawnClick}`, status: 302, has: REDIRECT },
    { request: `GET /o/${t.disabledOpen}`, status: 200, has: PIXEL },
    { request: `GET /c/${t.disabledClick}`, status: 410, has: NOWHERE, body: /link is disabled/ },
    {
      request: `GET /c/${t.disabledClick}`,
      headers: FRENCH,
      status: 410,
      has: { ...NOWHERE, "content-language": "fr" },
      body: /lien est désactivé/,
    },
    { request: `HEAD /c/${t.disabledClick}`, status: 410, has: NOWHERE, body: /^$/ },
    { request: `GET /f/${t.file}`, status: 410, has: UNSEEN, body: /no longer available/ },
    { request: `HEAD /f/${t.file}`, status: 410, body: /^$/ },
    { request: `GET /f/${t.quietFile}`, headers: FRENCH, status: 410, body: /plus disponible/ },
    { request: `GET /f/${t.withdrawnFile}`, status: 410, body: /no longer available/ },
    { request: `GET /f/${t.disabledFile}`, status: 410, body: /link is disabled/ },
    { request: `GET /u/${t.disabledLeave}`, status: 200, body: /<form method="post">/ },
    { request: `GET /u/${t.leave}`, status: 200, has: UNSEEN, body: /<form method="post">/ },
    { request: `HEAD /u/${t.leave}`, status: 200, has: UNSEEN, body: /^$/ },
    {
      request: `GET /u/${t.leave}`,
      headers: FRENCH,
      status: 200,
      has: { "content-language": "fr" },
      body: /Se désabonner/,
    },
    {
      request: `POST /u/${t.leave}`,
      form: "List-Unsubscribe=One-Click",
      status: 200,
      body: /You are unsubscribed/,
    },
    { request: `POST /u/${t.leave}`, form: "confirm=stop-measuring", status: 200 },
    { request: `POST /u/${t.leave}`, form: "", status: 400 },
    { request: `POST /u/${t.leave}`, form: "a=".padEnd(10_000, "b"), status: 400 },
    { request: `POST /u/${t.open}`, form: "List-Unsubscribe=One-Click", status: 404 },
    { request: `POST /f/${t.file}`, form: "", status: 405, has: { allow: LOOK } },
    { request: `OPTIONS /f/${t.file}`, status: 204, has: { allow: LOOK } },
    { request: `OPTIONS /o/${t.open}`, status: 204, has: { ...UNSEEN, allow: LOOK } },
    { request: `OPTIONS /c/${t.click}`, status: 204, has: { allow: LOOK } },
    {
      request: `OPTIONS /u/${t.leave}`,
      status: 204,
      has: { allow: "GET, HEAD, POST, OPTIONS" },
    },
    { request: `POST /c/${t.click}`, form: "", status: 405, has: { allow: LOOK, location: null } },
    { request: `PUT /o/${t.open}`, status: 405, has: { allow: LOOK } },
    { request: `DELETE /u/${t.leave}`, status: 405 },
    { request: "GET /robots.txt", status: 200, body: /^User-agent: \*\nDisallow: \/\n$/ },
    { request: "HEAD /robots.txt", status: 200, body: /^$/ },
    { request: "GET /healthz", status: 200 },
    lost(`GET /c/${t.retired}`),
    lost(`GET /c/${t.unknownKey}`),
    lost(`GET /c/${t.stranger}`),
    lost(`GET /c/${t.otherTenant}`),
    lost(`GET /f/${t.click}`),
    lost(`GET /f/${t.file}A`),
    lost(`GET /o/${t.file}`),
    lost(`GET /o/${t.click}`),
    lost(`GET /c/${t.open}`),
    lost(`GET /c/${t.leave}`),
    lost(`GET /c/${t.click.slice(0, -1)}`),
    lost(`GET /c/${t.click}A`),
    lost(`GET /c/${t.click}/`),
    lost(`GET /c/${t.click}=`),
    lost(`GET /c/`),
    lost(`GET /c/%00`),
    lost(`GET /c/%ff%fe`),
    lost(`GET /c/https://evil.example/`),
    lost(`GET /c/${"A".repeat(15_000)}`),
    lost(`GET /${"a/".repeat(5_000)}`),
    lost(`OPTIONS /c/${t.stranger}`),
    lost("GET /"),
    lost("GET /favicon.ico"),
    lost("GET /.well-known/security.txt"),
  ];
}

/** Recipient, link and target (null: an open) of the hits that those requests make, in any order. */
export const HITS = [
  [2, null],
  [2, null],
  [2, TARGET],
  [2, TARGET],
  [3, null],
  [3, TARGET],
  [4, "https://bücher.example/ä b"],
  [5, "attachment:a%20b.pdf"],
] as const;
export const CHOICES = ["consent.withdrawn", "feedback.unsubscribed"] as const;
