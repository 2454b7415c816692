/// <reference lib="deno.ns" />
/** Requests for files: what is answered, and what of it is recorded. */
import assert from "node:assert/strict";
import { type NewEvent, uuidv7, validate } from "@chappe/src/events";
import { mintToken, type NewTokenClaims, type TokenClaims } from "@chappe/src/rules";
import { createEdge, type FileSource } from "./mod.ts";

const KEY = { kid: 1, secret: new Uint8Array(32).fill(7) };
const NOW = 1_763_800_000_000;
const BASE = {
  account: "demo",
  message: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071",
  rcpt: 2,
  tag: 77n,
  mode: "full" as const,
  prepared: NOW - 5000,
  mailing: null,
};
const CLAIMS = {
  ...BASE,
  kind: "file" as const,
  file: 1,
  name: "Été 1.pdf",
  link: 3,
  told: { seq: 9, index: 0 },
};
const CONTENT = "%PDF-1.4 content";

function edge(
  open: FileSource["open"] = file("application/pdf"),
  withdrawn: (tag: bigint) => boolean = () => false,
  disabled = false,
) {
  const events: NewEvent[] = [];
  const asked: TokenClaims[] = [];
  const app = createEdge({
    keyOf: (kid) => kid === KEY.kid ? KEY.secret : undefined,
    withdrawn,
    disabled: () => disabled,
    files: {
      open(claims, token) {
        asked.push(claims);
        return open(claims, token);
      },
    },
    record: (event) => void events.push(event),
    confirm: () => Promise.resolve(true),
    now: () => NOW,
    newId: uuidv7,
  });
  const ask = (claims: Partial<NewTokenClaims> = {}, init: RequestInit = {}) =>
    Promise.resolve(app.request(
      `/f/${mintToken({ ...CLAIMS, ...claims } as NewTokenClaims, KEY)}`,
      init,
      { clientAddress: "203.0.113.77" },
    ));
  return { app, events, asked, ask };
}

function file(type: string): FileSource["open"] {
  return () =>
    Promise.resolve({
      type,
      size: CONTENT.length,
      bytes: new Blob([CONTENT]).stream(),
    });
}

Deno.test("a file is saved under its name, and its fetching is a click", async () => {
  const { events, asked, ask } = edge();
  const answer = await ask({}, { headers: { "User-Agent": "Agent/1.0" } });
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), CONTENT);
  assert.deepEqual(asked, [CLAIMS]);
  const headers = Object.fromEntries(answer.headers);
  assert.deepEqual(headers, {
    "cache-control": "no-store, private",
    "content-disposition":
      `attachment; filename="_t_ 1.pdf"; filename*=UTF-8''%C3%89t%C3%A9%201.pdf`,
    "content-length": "16",
    "content-security-policy": "default-src 'none'; sandbox",
    "content-type": "application/pdf",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow",
  });
  assert.equal(events.length, 1);
  const clicked = validate({ ...events[0], recorded: NOW });
  assert.equal(clicked.type, "engagement.clicked");
  assert.deepEqual([clicked.account, clicked.message, clicked.rcpt], ["demo", BASE.message, 2]);
  assert.deepEqual(clicked.data, {
    mode: "full",
    userAgent: "Agent/1.0",
    hints: {},
    ip: "203.0.113.0",
    sinceSent: 5000,
    link: 3,
    url: "attachment:%C3%89t%C3%A9%201.pdf",
  });
});

Deno.test("no type that a browser would run is given", async () => {
  for (
    const type of [
      "text/html",
      "image/svg+xml",
      "application/xhtml+xml",
      "text/xml",
      "text/javascript",
      "application/x-shockwave-flash",
      "text/html\r\nX-Evil: 1",
      "multipart/x-mixed-replace",
      "",
    ]
  ) {
    const answer = await edge(file(type)).ask();
    assert.equal(answer.headers.get("content-type"), "application/octet-stream", type);
    assert.equal(answer.headers.get("x-evil"), null);
  }
  const office = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  for (const type of ["text/csv", "image/png", "video/mp4", "application/vnd.ms-excel", office]) {
    assert.equal((await edge(file(type)).ask()).headers.get("content-type"), type);
  }
});

Deno.test("a name never ends its header", async () => {
  for (const name of ['a"; filename="b.exe', "a'b*c(d).txt", "100%.pdf", "a\\b", "\u{1f600}.zip"]) {
    const disposition = (await edge().ask({ name })).headers.get("content-disposition")!;
    const [, plain, encoded] =
      /^attachment; filename="([A-Za-z0-9._ -]+)"; filename\*=UTF-8''([\w.~%!-]+)$/
        .exec(disposition)!;
    assert.equal(decodeURIComponent(encoded!), name);
    assert.equal([...plain!].length, [...name].length);
  }
});

Deno.test("with date-only only the date is kept; with nothing to record, nothing", async () => {
  const { events, ask } = edge();
  await ask({ mode: "date-only" }, { headers: { "User-Agent": "Agent/1.0" } });
  assert.deepEqual([events.length, (events[0]!.data as { userAgent: string }).userAgent], [1, ""]);
  const answer = await ask({ link: null });
  assert.equal(await answer.text(), CONTENT);
  assert.equal(events.length, 1);
  const withdrawn = edge(undefined, (tag) => tag === BASE.tag);
  assert.equal(await (await withdrawn.ask()).text(), CONTENT);
  assert.deepEqual(withdrawn.events, []);
});

Deno.test("HEAD answers like GET without a body, lets go of the file, and is no click", async () => {
  let cancelled = 0;
  const { events, ask } = edge(() =>
    Promise.resolve({
      type: "application/pdf",
      size: CONTENT.length,
      bytes: new ReadableStream({ cancel: () => void cancelled++ }),
    })
  );
  const head = await ask({}, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(head.headers.get("content-length"), "16");
  assert.equal(await head.text(), "");
  assert.deepEqual([cancelled, events.length], [1, 0]);
});

Deno.test("a file that is gone, or out of reach, is told in the reader's language; the click stays", async () => {
  for (
    const [outcome, status, retry, english, french] of [
      ["gone", 410, null, /no longer available/, /plus disponible/],
      ["later", 503, "60", /again in a minute/, /dans une minute/],
    ] as const
  ) {
    const { events, ask } = edge(() => Promise.resolve(outcome));
    const answer = await ask();
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("retry-after"), retry);
    assert.match(await answer.text(), english);
    const other = await ask({}, { headers: { "Accept-Language": "fr" } });
    assert.match(await other.text(), french);
    assert.equal(events.length, 2);
  }
});

Deno.test("a disabled link gives nothing and counts for nothing", async () => {
  const { asked, events, ask } = edge(undefined, undefined, true);
  for (const method of ["GET", "HEAD"]) assert.equal((await ask({}, { method })).status, 410);
  assert.deepEqual([asked, events], [[], []]);
});

Deno.test("what is not a file's token is not found, and asks for nothing", async () => {
  const { app, asked, events } = edge();
  const good = mintToken(CLAIMS, KEY);
  const open = mintToken({ ...BASE, kind: "open" }, KEY);
  const strange = mintToken(CLAIMS, { kid: 1, secret: new Uint8Array(32).fill(8) });
  const env = { clientAddress: "" };
  for (const token of [open, strange, `${good}A`, good.slice(1), "x", `${good}/more`]) {
    for (const method of ["GET", "HEAD", "POST", "OPTIONS"]) {
      assert.equal((await app.request(`/f/${token}`, { method }, env)).status, 404, token);
    }
  }
  assert.equal((await app.request(`/o/${good}`, {}, env)).status, 404);
  assert.equal((await app.request(`/f/${good}`, { method: "POST" }, env)).status, 405);
  const options = await app.request(`/f/${good}`, { method: "OPTIONS" }, env);
  assert.equal(options.status, 204);
  assert.equal(options.headers.get("allow"), "GET, HEAD, OPTIONS");
  assert.deepEqual([asked, events], [[], []]);
});
