/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type NewEvent, uuidv7, validate } from "@chappe/src/events";
import { type LinkSwitch, mintToken, type NewTokenClaims } from "@chappe/src/rules";
import { createEdge } from "./mod.ts";

const SECRET = new Uint8Array(32).fill(7);
const KEY = { kid: 1, secret: SECRET };
const NOW = 1_763_800_000_000;
const BASE = {
  account: "demo",
  message: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071",
  rcpt: 2,
  tag: 77n,
  mode: "full" as const,
  prepared: NOW - 90_321,
  mailing: null,
};
const TARGET = "https://shop.example/a?b=c&d=%20#e";
const OPEN = mintToken({ ...BASE, kind: "open" }, KEY);
const CLICK = mintToken({ ...BASE, kind: "click", link: 5, url: TARGET }, KEY);
const LEAVE = mintToken({ ...BASE, kind: "unsubscribe" }, KEY);
const ALL = { o: OPEN, c: CLICK, u: LEAVE };

function edge(
  confirmed = true,
  withdrawn: (tag: bigint) => boolean = () => false,
  disabled: LinkSwitch = () => false,
) {
  const events: NewEvent[] = [];
  const app = createEdge({
    keyOf: (kid) => kid === KEY.kid ? SECRET : undefined,
    withdrawn,
    disabled,
    files: { open: () => Promise.resolve("gone") },
    record: (event) => void events.push(event),
    confirm: (event) => {
      events.push(event);
      return Promise.resolve(confirmed);
    },
    now: () => NOW,
    newId: uuidv7,
  });
  const ask = (path: string, init: RequestInit = {}) =>
    Promise.resolve(app.request(path, init, { clientAddress: "203.0.113.77" }));
  return { events, app, ask };
}
const form = (body: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body,
});

Deno.test("the pixel is a GIF of 43 bytes that nobody keeps, and one opening", async () => {
  const { events, ask } = edge();
  const answer = await ask(`/o/${OPEN}`, {
    headers: {
      "User-Agent": "Agent/1.0",
      "Accept-Language": "fr-FR,fr;q=0.9",
      "Sec-CH-UA-Platform": '"Windows"',
      "Cookie": "a=b",
    },
  });
  const body = new Uint8Array(await answer.arrayBuffer());
  assert.equal(answer.status, 200);
  assert.equal(body.length, 43);
  assert.equal(new TextDecoder().decode(body.subarray(0, 6)), "GIF89a");
  assert.equal(answer.headers.get("content-type"), "image/gif");
  assert.equal(answer.headers.get("cache-control"), "no-store, private");
  assert.equal(answer.headers.get("cross-origin-resource-policy"), "cross-origin");
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  assert.equal(answer.headers.get("set-cookie"), null);
  assert.equal(events.length, 1);
  const { id, ...opened } = events[0]!;
  assert.match(id, /-7/);
  assert.deepEqual(opened, {
    type: "engagement.opened",
    v: 2,
    account: "demo",
    message: BASE.message,
    rcpt: 2,
    at: NOW,
    data: {
      mode: "full",
      userAgent: "Agent/1.0",
      hints: { "accept-language": "fr-FR,fr;q=0.9", "sec-ch-ua-platform": '"Windows"' },
      ip: "203.0.113.0",
      sinceSent: 90_321,
    },
  });
  validate({ ...events[0], recorded: NOW });
});

Deno.test("a click goes to the signed target and nowhere else", async () => {
  const { events, ask } = edge();
  for (const suffix of ["", "?url=https://evil.example/", "?"]) {
    const answer = await ask(`/c/${CLICK}${suffix}`);
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get("location"), TARGET);
    assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
    assert.equal(answer.headers.get("cache-control"), "no-store, private");
  }
  assert.equal(events.length, 3);
  const clicked = validate({ ...events[0], recorded: NOW });
  assert.equal(clicked.type, "engagement.clicked");
  assert.deepEqual(clicked.data, {
    mode: "full",
    userAgent: "",
    hints: {},
    ip: "203.0.113.0",
    sinceSent: 90_321,
    link: 5,
    url: TARGET,
  });
});

Deno.test("a target that no header can hold is written out as a URL", async () => {
  const { ask } = edge();
  const url = "https://bücher.example/ä b?q=\u{1f600}";
  const token = mintToken({ ...BASE, kind: "click", link: 0, url }, KEY);
  const answer = await ask(`/c/${token}`);
  assert.equal(
    answer.headers.get("location"),
    "https://xn--bcher-kva.example/%C3%A4%20b?q=%F0%9F%98%80",
  );
});

Deno.test("with date-only nothing about the person is kept", async () => {
  const { events, ask } = edge();
  const claims: NewTokenClaims[] = [
    { ...BASE, mode: "date-only", kind: "open" },
    { ...BASE, mode: "date-only", kind: "click", link: 0, url: TARGET },
  ];
  const headers = {
    "User-Agent": "Agent/1.0",
    "Accept-Language": "fr",
    "Referer": "https://mail.example/",
    "Sec-Fetch-Dest": "image",
  };
  await ask(`/o/${mintToken(claims[0]!, KEY)}`, { headers });
  await ask(`/c/${mintToken(claims[1]!, KEY)}`, { headers });
  const nothing = { mode: "date-only", userAgent: "", hints: {}, ip: "", sinceSent: 90_321 };
  assert.deepEqual(events.map((e) => e.data), [nothing, { ...nothing, link: 0, url: TARGET }]);
});

Deno.test("overlong headers are cut to what the schema takes", async () => {
  const { events, ask } = edge();
  await ask(`/o/${OPEN}`, {
    headers: { "User-Agent": "a".repeat(5000), "Accept-Language": "b".repeat(5000) },
  });
  const opened = validate({ ...events[0], recorded: NOW });
  assert(opened.type === "engagement.opened");
  assert.equal(opened.data.userAgent.length, 1024);
  assert.equal(opened.data.hints["accept-language"]!.length, 512);
});

Deno.test("HEAD answers like GET without a body, and is no hit", async () => {
  const { events, ask } = edge();
  for (const [route, token] of Object.entries(ALL)) {
    const get = await ask(`/${route}/${token}`);
    const seen = events.length;
    const head = await ask(`/${route}/${token}`, { method: "HEAD" });
    assert.equal(head.status, get.status);
    assert.equal(await head.text(), "");
    assert.equal(head.headers.get("location"), get.headers.get("location"));
    // What GET would bring (RFC 9110 §8.6): without it the runtime says 0.
    const length = (await get.bytes()).length;
    assert.equal(Number(head.headers.get("content-length")), length);
    assert.equal(events.length, seen);
  }
});

Deno.test("looking at the unsubscribe page changes nothing", async () => {
  const { events, ask } = edge();
  for (let i = 0; i < 3; i++) {
    const answer = await ask(`/u/${LEAVE}`, { headers: { "Sec-Purpose": "prefetch" } });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-security-policy")!, /default-src 'none'/);
    assert.match(await answer.text(), /<html lang="en">[^]*<form method="post"><button /);
  }
  const french = await ask(`/u/${LEAVE}`, { headers: { "Accept-Language": "fr-FR,en;q=0.5" } });
  assert.match(await french.text(), /<html lang="fr">[^]*Se désabonner/);
  assert.equal(french.headers.get("content-language"), "fr");
  assert.deepEqual(events, []);
});

Deno.test("one click of a mail program, or the page's button, unsubscribes: one fact", async () => {
  const { events, ask } = edge();
  const multipart = new FormData();
  multipart.set("List-Unsubscribe", "One-Click");
  const answers = [
    await ask(`/u/${LEAVE}`, form("List-Unsubscribe=One-Click")),
    await ask(`/u/${LEAVE}`, { method: "POST", body: multipart }),
    await ask(`/u/${LEAVE}`, form("confirm=unsubscribe")),
  ];
  for (const answer of answers) {
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /You are unsubscribed/);
  }
  const facts = events.map((e) => validate({ ...e, recorded: NOW }));
  assert.deepEqual(facts.map((e) => e.type), Array(3).fill("feedback.unsubscribed"));
  assert.deepEqual(facts.map((e) => e.data), [
    { method: "one-click" },
    { method: "one-click" },
    { method: "page" },
  ]);
  assert.equal(new Set(facts.map((e) => e.id)).size, 1);
  assert.deepEqual(
    facts.map((e) => [e.account, e.message, e.rcpt]),
    Array(3).fill(["demo", BASE.message, 2]),
  );
});

Deno.test("an unsubscribe request that is not on disk yet is told to come again", async () => {
  const { ask } = edge(false);
  const answer = await ask(`/u/${LEAVE}`, form("List-Unsubscribe=One-Click"));
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "60");
});

Deno.test("a second, separate choice ends the measuring and not the mail", async () => {
  const { events, ask } = edge();
  const shown = await (await ask(`/u/${LEAVE}`)).text();
  assert.match(
    shown,
    /value="unsubscribe">Unsubscribe<[^]*<section>[^]*value="stop-measuring">Stop measuring my opens/,
  );
  const french = { "Accept-Language": "fr" };
  assert.match(
    await (await ask(`/u/${LEAVE}`, { headers: french })).text(),
    /value="stop-measuring">Ne plus mesurer mes ouvertures/,
  );
  const answer = await ask(`/u/${LEAVE}`, form("confirm=stop-measuring"));
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /You are not measured any more/);
  const again = { ...form("confirm=stop-measuring") };
  again.headers = { ...again.headers, ...french };
  assert.match(await (await ask(`/u/${LEAVE}`, again)).text(), /Vous n’êtes plus mesuré/);
  const facts = events.map((e) => validate({ ...e, recorded: NOW }));
  assert.deepEqual(facts.map(({ type, data }) => ({ type, data })), [
    { type: "consent.withdrawn", data: { tag: "000000000000004d", source: "page" } },
    { type: "consent.withdrawn", data: { tag: "000000000000004d", source: "page" } },
  ]);
  assert.deepEqual([facts[0]!.account, facts[0]!.message, facts[0]!.rcpt], [
    "demo",
    BASE.message,
    2,
  ]);
  assert.equal(new Set(facts.map((e) => e.id)).size, 2);

  const away = await edge(false).ask(`/u/${LEAVE}`, form("confirm=stop-measuring"));
  assert.equal(away.status, 503);
});

Deno.test("who has withdrawn consent is answered as ever, in every mode, and not recorded", async () => {
  const { events, ask } = edge(true, (tag) => tag === BASE.tag);
  for (const mode of ["full", "date-only"] as const) {
    for (const method of ["GET", "HEAD"]) {
      const open = await ask(`/o/${mintToken({ ...BASE, mode, kind: "open" }, KEY)}`, { method });
      assert.equal(open.headers.get("content-type"), "image/gif");
      const click = mintToken({ ...BASE, mode, kind: "click", link: 5, url: TARGET }, KEY);
      const answer = await ask(`/c/${click}`, { method });
      assert.equal(answer.headers.get("location"), TARGET);
    }
  }
  assert.equal(events.length, 0);
  // Others' hits are, and leaving still works.
  await ask(`/o/${mintToken({ ...BASE, tag: 78n, kind: "open" }, KEY)}`);
  await ask(`/u/${LEAVE}`, form("List-Unsubscribe=One-Click"));
  assert.deepEqual(events.map((e) => e.type), ["engagement.opened", "feedback.unsubscribed"]);
});

Deno.test("a disabled link leads nowhere and says so; opens count for nothing; leaving goes on", async () => {
  const other = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6099";
  const { events, ask } = edge(true, undefined, ({ message }) => message === BASE.message);
  for (const method of ["GET", "HEAD"]) {
    const click = await ask(`/c/${CLICK}`, { method });
    assert.equal(click.status, 410);
    assert.equal(click.headers.get("location"), null);
    assert.equal(click.headers.get("cache-control"), "no-store, private");
    const open = await ask(`/o/${OPEN}`, { method });
    assert.deepEqual([open.status, open.headers.get("content-type")], [200, "image/gif"]);
  }
  assert.match(await (await ask(`/c/${CLICK}`)).text(), /lang="en">[^]*This link is disabled/);
  const french = await ask(`/c/${CLICK}?x`, { headers: { "Accept-Language": "fr" } });
  assert.match(await french.text(), /lang="fr">[^]*Ce lien est désactivé/);
  assert.equal(events.length, 0);

  assert.equal((await ask(`/u/${LEAVE}`)).status, 200);
  await ask(`/u/${LEAVE}`, form("List-Unsubscribe=One-Click"));
  await ask(`/o/${mintToken({ ...BASE, message: other, kind: "open" }, KEY)}`);
  assert.deepEqual(events.map((e) => e.type), ["feedback.unsubscribed", "engagement.opened"]);
});

Deno.test("any other POST to unsubscribe changes nothing", async () => {
  const { events, ask } = edge();
  const bad: RequestInit[] = [
    form(""),
    form("List-Unsubscribe=Yes"),
    form("confirm="),
    form("a=".padEnd(10_000, "b")),
    { method: "POST" },
    { method: "POST", headers: { "content-type": "multipart/form-data" }, body: "x" },
    { method: "POST", body: '{"List-Unsubscribe":"One-Click"}' },
  ];
  for (const init of bad) assert.equal((await ask(`/u/${LEAVE}`, init)).status, 400);
  assert.deepEqual(events, []);
});

Deno.test("a token opens its own route only; without one nothing is found", async () => {
  const { events, ask } = edge();
  const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
  for (const method of methods) {
    for (const route of ["o", "c", "u"] as const) {
      for (const token of [...Object.values(ALL).filter((t) => t !== ALL[route]), "", "x", "%00"]) {
        const answer = await ask(`/${route}/${token}`, { method });
        assert.equal(answer.status, 404, `${method} /${route}/${token}`);
      }
    }
    for (
      const path of ["/", "/o", `/o/${OPEN}/`, `/x/${OPEN}`, `/o/${OPEN}/x`, "//", "/favicon.ico"]
    ) {
      assert.equal((await ask(path, { method })).status, 404, `${method} ${path}`);
    }
  }
  assert.deepEqual(events, []);
});

Deno.test("OPTIONS and other methods are told what a link allows", async () => {
  const { events, ask } = edge();
  for (const [route, token] of Object.entries(ALL)) {
    const allow = route === "u" ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS";
    const options = await ask(`/${route}/${token}`, { method: "OPTIONS" });
    assert.deepEqual([options.status, options.headers.get("allow")], [204, allow]);
    const put = await ask(`/${route}/${token}`, { method: "PUT" });
    assert.deepEqual([put.status, put.headers.get("allow")], [405, allow]);
  }
  assert.deepEqual(events, []);
});

Deno.test("robots are sent away, health is told", async () => {
  const { ask } = edge();
  assert.equal(await (await ask("/robots.txt")).text(), "User-agent: *\nDisallow: /\n");
  assert.equal((await ask("/healthz")).status, 200);
});

Deno.test("1,000,000 changed tokens: no redirect, no hit", () => {
  const { events, app } = edge();
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  let seed = 1;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  /** One letter changed, added or taken away. */
  const mutate = (token: string) => {
    const at = random(token.length);
    const letter = alphabet[random(64)]!;
    const how = random(4);
    if (how === 0) return token.slice(0, at) + token.slice(at + 1);
    if (how === 1) return token.slice(0, at) + letter + token.slice(at);
    return token.slice(0, at) + letter + token.slice(at + 1);
  };
  const headers = new Headers();
  let tried = 0;
  for (let i = 0; tried < 1_000_000; i++) {
    let token = mutate(CLICK);
    for (let more = i % 3; more > 0; more--) token = mutate(token);
    if (token === CLICK) continue;
    tried++;
    // A request as far as the edge looks at it: a real one takes longer than all the rest.
    const request = { method: "GET", url: `https://t.example/c/${token}`, headers } as Request;
    const answer = app.fetch(request, { clientAddress: "" }) as Response;
    if (answer.status !== 404 || answer.headers.has("location")) {
      assert.fail(`${answer.status} for ${token}`);
    }
  }
  assert.deepEqual(events, []);
});
