import assert from "node:assert/strict";
import type { JudgedHit, RawHit } from "./hit.ts";
import { judge, WINDOW_MS } from "./judge.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SENT = Date.UTC(2026, 9, 1, 8);
const LANGUAGE = { "accept-language": "fr" };

let ids = 0;
function click(link: number, after: number, over: Partial<RawHit> = {}): RawHit {
  return {
    id: `hit-${++ids}`,
    kind: "click",
    at: SENT + after,
    sinceSent: after,
    userAgent: FIREFOX,
    hints: LANGUAGE,
    ip: "192.0.2.0",
    link,
    ...over,
  };
}
const open = (after: number, over: Partial<RawHit> = {}): RawHit =>
  click(0, after, { kind: "open", link: null, ...over });

/** Each hit's actor in the end, judged one after another as the loader does. */
function play(hits: readonly RawHit[]): string[] {
  const judged: JudgedHit[] = [];
  for (const hit of hits) {
    const { actor, revokes } = judge(hit, judged.filter(({ at }) => at >= hit.at - WINDOW_MS));
    for (const earlier of judged) if (revokes.includes(earlier.id)) earlier.actor = "scanner";
    judged.push({ ...hit, actor });
  }
  return judged.map(({ actor }) => actor);
}

Deno.test("a person's open and click, however fast, are a person's", () => {
  assert.deepEqual(play([open(2_500), click(0, 3_000), click(1, 5_000)]), [
    "human",
    "human",
    "human",
  ]);
});

Deno.test("a burst of clicks restates the ones before it", () => {
  const hits = [click(0, 4_000), click(1, 4_800), click(2, 5_600)];
  const first = { ...hits[0]!, actor: "human" as const };
  const second = { ...hits[1]!, actor: "human" as const };
  const verdict = judge(hits[2]!, [first, second]);
  assert.deepEqual(verdict, {
    actor: "scanner",
    reason: "burst-3-in-2s",
    revokes: [first.id, second.id],
  });
});

Deno.test("a burst takes the open of the same agent with it, and what the agent does next", () => {
  const hits = [open(3_000), click(0, 4_000), click(1, 4_100), open(6_000)];
  assert.deepEqual(play(hits), Array(4).fill("scanner"));
});

Deno.test("the reader who comes after the scanner is a person", () => {
  const scan = { userAgent: "Mozilla/5.0 (Windows NT 10.0) Chrome/120", ip: "198.51.100.0" };
  const hits = [click(0, 2_000, scan), click(1, 2_100, scan), open(9_000), click(1, 11_000)];
  assert.deepEqual(play(hits), ["scanner", "scanner", "human", "human"]);
});

Deno.test("a scanner that changes its agent with each click is one burst", () => {
  const hits = [0, 1, 2, 3].map((n) =>
    click(n, 3_000 + n * 600, { userAgent: `Agent/${n}`, ip: `198.51.10${n}.0` })
  );
  assert.deepEqual(play(hits), Array(4).fill("scanner"));
});

Deno.test("clicking the same link again and again is no burst", () => {
  assert.deepEqual(
    play([0, 100, 200, 300].map((n) => click(0, 5_000 + n))),
    Array(4).fill("human"),
  );
});

Deno.test("a bare click before anybody could have read is the gateway's", () => {
  const bare = { hints: {} };
  assert.deepEqual(play([click(0, 700, bare)]), ["scanner"]);
  assert.deepEqual(play([click(0, 3_000, bare)]), ["human"]);
  assert.deepEqual(play([click(0, 700)]), ["human"]);
  assert.deepEqual(play([click(0, 700, { ...bare, sinceSent: null })]), ["human"]);
});

Deno.test("what names itself counts as what it says", () => {
  const actors = {
    "Mozilla/5.0": ["apple-mpp", "scanner"],
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)": [
      "gmail-proxy",
      "scanner",
    ],
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html": [
      "yahoo-proxy",
      "scanner",
    ],
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)": ["scanner", "scanner"],
    "curl/8.5.0": ["scanner", "scanner"],
    "okhttp/4.12.0": ["human", "scanner"],
    [FIREFOX]: ["human", "human"],
  };
  for (const [userAgent, expected] of Object.entries(actors)) {
    const got = [open(60_000, { userAgent }), click(0, 60_000, { userAgent })]
      .map((hit) => judge(hit, []).actor);
    assert.deepEqual(got, expected, userAgent);
  }
});

Deno.test("a fetch that says it is ahead of the reader is a prefetch", () => {
  for (const name of ["sec-purpose", "purpose", "x-moz"]) {
    const hit = click(0, 60_000, { hints: { ...LANGUAGE, [name]: "prefetch;prerender" } });
    assert.deepEqual(judge(hit, []), { actor: "prefetch", reason: "header-purpose", revokes: [] });
  }
});

Deno.test("where the privacy mode keeps no agent, a hit is unknown, a burst still a scanner's", () => {
  const nothing = { userAgent: "", hints: {}, ip: "" };
  assert.deepEqual(play([open(9_000, nothing), click(0, 20_000, nothing)]), ["unknown", "unknown"]);
  assert.deepEqual(play([click(0, 9_000, nothing), click(1, 9_100, nothing)]), [
    "scanner",
    "scanner",
  ]);
});

Deno.test("a click from a gateway's network takes the image loaded from there with it", () => {
  const gateway = { ip: "40.94.1.0" };
  const hits = [
    open(9_000, gateway),
    open(9_500),
    click(0, 12_000, gateway),
    open(14_000, gateway),
  ];
  assert.deepEqual(play(hits), ["scanner", "human", "scanner", "scanner"]);
});

Deno.test("a click with an agent cut short takes the image loaded with it along", () => {
  const short = { userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64)" };
  assert.deepEqual(play([open(9_000, short), click(0, 12_000, short)]), ["scanner", "scanner"]);
  assert.deepEqual(play([open(9_000, short)]), ["human"]);
});

Deno.test("a gateway that looks at other links does not make a scanner of who clicks meanwhile", () => {
  const gateway = { ip: "40.94.1.0" };
  const hits = [click(0, 60_000, gateway), click(1, 60_200), click(2, 60_400, gateway)];
  assert.deepEqual(play(hits), ["scanner", "human", "scanner"]);
});
