/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type NewEvent, uuidv7, validate } from "@chappe/src/events";
import { linkSwitch, mintToken } from "@chappe/src/rules";
import type { Outcome } from "../buffer.ts";
import { createIntake, MAX_REPORTS } from "./intake.ts";
import type { Report } from "./report.ts";
import { bearerOf } from "./secret.ts";
import { readState } from "./state.ts";

const NOW = 1_763_800_000_000;
const SECRET = "thirty-two characters of a secret";
const KEY = { kid: 1, secret: new Uint8Array(32).fill(7) };
const MESSAGE = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071";
const COPY = {
  account: "demo",
  message: MESSAGE,
  rcpt: 2,
  tag: 77n,
  mode: "full",
  prepared: NOW - 5000,
  mailing: null,
} as const;
const CLICK = { ...COPY, kind: "click", link: 1, url: "https://a.example/" } as const;
const FILE = {
  ...COPY,
  kind: "file",
  file: 0,
  name: "a b.html",
  link: 2,
  told: { seq: 1, index: 0 },
} as const;
const CONTENT = "<p>content";
/** When a consent was withdrawn, and links were turned off. */
const CHANGED = NOW - 1000;
const OFF = { account: "off", scope: "account", of: null } as const;

const isOff = linkSwitch([OFF]);

function setUp() {
  const events: NewEvent[] = [];
  const core = { events, outcome: "written" as Outcome, version: "1" };
  const app = createIntake({
    secret: SECRET,
    keyOf: (kid) => kid === KEY.kid ? KEY.secret : undefined,
    withdrawn: (tag, at) => tag === 99n && at > CHANGED,
    disabled: (link, at) => isOff(link) && at > CHANGED,
    files: {
      open: ({ file }) => {
        const bytes = new Blob([CONTENT]).stream();
        const opened = { type: "text/html", size: CONTENT.length, bytes };
        return Promise.resolve(file === 0 ? opened : file === 1 ? "gone" : "later");
      },
    },
    state: () => ({
      version: core.version,
      keys: [KEY],
      disabled: [OFF],
      withdrawn: [2n ** 64n - 1n, 99n, 0n],
    }),
    confirm: (event) => {
      events.push(event);
      return Promise.resolve(core.outcome);
    },
    now: () => NOW,
  });
  const ask = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
    Promise.resolve(app.request(path, {
      ...init,
      headers: { authorization: `Bearer ${bearerOf(SECRET)}`, ...init.headers },
    }));
  const report = async (...reports: unknown[]): Promise<string[]> => {
    const answer = await ask("/reports", { method: "POST", body: JSON.stringify(reports) });
    assert.equal(answer.status, 200);
    return (await answer.json()).results;
  };
  return { core, ask, report };
}

function hit(token: string, more: Partial<Report> = {}): Report {
  return {
    kind: "hit",
    id: uuidv7(NOW),
    at: NOW,
    token,
    userAgent: "Agent/1.0",
    hints: { "accept-language": "fr" },
    ip: "203.0.113.77",
    ...more,
  } as Report;
}
const click = mintToken(CLICK, KEY);
const leave = mintToken({ ...COPY, kind: "unsubscribe" }, KEY);

Deno.test("without the bearer token there is nothing to see or to tell", async () => {
  const { core: { events }, ask } = setUp();
  for (const authorization of ["", `Bearer ${SECRET}`, "Bearer x", bearerOf(SECRET)]) {
    const headers = { authorization };
    assert.equal((await ask("/state", { headers })).status, 401);
    const body = JSON.stringify([hit(click)]);
    assert.equal((await ask("/reports", { method: "POST", headers, body })).status, 401);
  }
  assert.equal(events.length, 0);
});

Deno.test("a hit is what its token says, whoever reports it, and is one fact however often", async () => {
  const { core: { events }, report } = setUp();
  const same = hit(click);
  assert.deepEqual(await report(same, same, hit(click)), ["written", "written", "written"]);
  assert.equal(events[0]!.id, events[1]!.id);
  assert.notEqual(events[0]!.id, events[2]!.id);
  const clicked = validate({ ...events[0], recorded: NOW });
  assert.deepEqual([clicked.account, clicked.message, clicked.rcpt], ["demo", MESSAGE, 2]);
  assert.deepEqual(clicked.data, {
    mode: "full",
    userAgent: "Agent/1.0",
    hints: { "accept-language": "fr" },
    ip: "203.0.113.0",
    sinceSent: 5000,
    link: 1,
    url: "https://a.example/",
  });
});

Deno.test("the id of another's event cannot be taken", async () => {
  const { core: { events }, report } = setUp();
  const other = mintToken({ ...CLICK, account: "other" }, KEY);
  const own = hit(click);
  await report(own, { ...own, token: other });
  assert.notEqual(events[0]!.id, events[1]!.id);
  assert(!events.some(({ id }) => id === own.id));
});

Deno.test("with date-only nothing is kept, whatever the worker tells", async () => {
  const { core: { events }, report } = setUp();
  await report(hit(mintToken({ ...CLICK, mode: "date-only" }, KEY)));
  const { data } = validate({ ...events[0], recorded: NOW });
  const { userAgent, hints, ip } = data as { userAgent: string; hints: object; ip: string };
  assert.deepEqual([userAgent, hints, ip], ["", {}, ""]);
});

Deno.test("what happened before a consent was withdrawn, or a link turned off, counts when told later", async () => {
  const { core: { events }, report } = setUp();
  for (const more of [{ tag: 99n }, { account: "off" }]) {
    const token = mintToken({ ...CLICK, ...more }, KEY);
    const results = await report(hit(token, { at: CHANGED }), hit(token, { at: CHANGED + 1 }));
    assert.deepEqual(results, ["written", "refused"]);
  }
  assert.deepEqual(events.map(({ at }) => at), [CHANGED, CHANGED]);
});

Deno.test("choices are taken by their own token, and only those that are in the log are written", async () => {
  const { core, report } = setUp();
  const id = uuidv7(NOW);
  const choice = { id, at: NOW, token: leave };
  core.outcome = "kept";
  const results = await report(
    { ...choice, kind: "unsubscribed", method: "page" },
    { ...choice, kind: "unmeasured" },
  );
  assert.deepEqual(results, ["kept", "kept"]);
  assert.deepEqual(core.events.map(({ type }) => type), [
    "feedback.unsubscribed",
    "consent.withdrawn",
  ]);
  for (const event of core.events) validate({ ...event, recorded: NOW });
});

Deno.test("what is no report, or may not be recorded, is refused one by one", async () => {
  const { core: { events }, report } = setUp();
  const stranger = mintToken(CLICK, { ...KEY, secret: new Uint8Array(32) });
  const day = 24 * 3600 * 1000;
  const bad: unknown[] = [
    null,
    {},
    "x",
    { ...hit(click), kind: "accepted" },
    { ...hit(click), account: "other" },
    hit(click, { id: "17" }),
    hit(click, { at: NOW + day }),
    hit(click, { at: NOW - 8 * day }),
    hit(click, { at: 1.5 }),
    hit(click, { userAgent: "x".repeat(1025) }),
    hit(click, { hints: { cookie: "a=b" } as never }),
    hit(click, { hints: { "sec-ch-ua": "x".repeat(513) } }),
    hit(stranger),
    hit(`${click}A`),
    hit("x".repeat(20_000)),
    hit(leave),
    hit(mintToken({ ...CLICK, tag: 99n }, KEY)),
    hit(mintToken({ ...CLICK, account: "off" }, KEY)),
    { kind: "unmeasured", id: uuidv7(NOW), at: NOW, token: click },
    { kind: "unsubscribed", id: uuidv7(NOW), at: NOW, token: leave, method: "mail" },
  ];
  assert.deepEqual(await report(...bad), bad.map(() => "refused"));
  assert.equal(events.length, 0);
  assert.deepEqual(await report(...bad, hit(click)), [...bad.map(() => "refused"), "written"]);
});

Deno.test("a body that is no list, or too long, is refused whole", async () => {
  const { core: { events }, ask } = setUp();
  const post = async (body: string) => (await ask("/reports", { method: "POST", body })).status;
  for (const body of ["", "{", "{}", "7"]) assert.equal(await post(body), 400);
  assert.equal(await post(JSON.stringify(Array(MAX_REPORTS + 1).fill(hit(click)))), 400);
  assert.equal(await post(JSON.stringify(["x".repeat(17 * 1024 * 1024)])), 413);
  assert.equal(events.length, 0);
});

Deno.test("the state comes sealed, is understood by who knows the secret, and once per version", async () => {
  const { core, ask } = setUp();
  const answer = await ask("/state");
  const text = await answer.text();
  assert(!text.includes(KEY.secret.toBase64()));
  assert(!text.includes(KEY.secret.toHex()));
  const known = await readState(text, SECRET);
  assert.deepEqual(known.keyOf(1), KEY.secret);
  assert.equal(known.keyOf(2), undefined);
  const tags = [0n, 1n, 98n, 99n, 100n, 2n ** 64n - 2n, 2n ** 64n - 1n];
  assert.deepEqual(tags.filter(known.withdrawn), [0n, 99n, 2n ** 64n - 1n]);
  assert(known.disabled({ account: "off", message: MESSAGE, mailing: null }));
  assert(!known.disabled({ account: "demo", message: MESSAGE, mailing: null }));
  await assert.rejects(readState(text, bearerOf(SECRET)));
  await assert.rejects(readState("{}", SECRET));

  const headers = { "if-none-match": answer.headers.get("etag")! };
  assert.equal((await ask("/state", { headers })).status, 304);
  core.version = "2";
  assert.equal((await ask("/state", { headers })).status, 200);
});

Deno.test("a worker gets the file of a token, and nobody else", async () => {
  const { core: { events }, ask, report } = setUp();
  const ofFile = (more: object = {}) => `/files/${mintToken({ ...FILE, ...more }, KEY)}`;
  const answer = await ask(ofFile());
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/octet-stream");
  assert.equal(answer.headers.get("content-length"), String(CONTENT.length));
  assert.equal(await answer.text(), CONTENT);
  for (
    const [path, status] of [
      [ofFile({ file: 1 }), 410],
      [ofFile({ file: 2 }), 503],
      [ofFile({ account: "off" }), 404],
      [`/files/${mintToken(CLICK, KEY)}`, 404],
      [`${ofFile()}A`, 404],
    ] as const
  ) assert.equal((await ask(path)).status, status);
  assert.equal((await ask(ofFile(), { headers: { authorization: "" } })).status, 401);

  const [token, uncounted] = [mintToken(FILE, KEY), mintToken({ ...FILE, link: null }, KEY)];
  assert.deepEqual(await report(hit(token), hit(uncounted)), ["written", "refused"]);
  const { data } = events[0] as NewEvent<"engagement.clicked">;
  assert.deepEqual([data.link, data.url], [2, "attachment:a%20b.html"]);
});
