import assert from "node:assert/strict";
import { createTestConsole, type TestConsole } from "../../test_console.ts";
import { messageDetail } from "../../test_data.ts";
import { failingQueries } from "../../test_queries.ts";

const ID = "019e0000-0000-7000-8000-000000000001";
const HOSTILE = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;
const FRENCH = { headers: { "accept-language": "fr-FR" } };
const HEAT = `/messages/${ID}/hot-zones`;
const PATHS = ["/analysis/technical", "/analysis/bounces", "/analysis/reactions", HEAT];

async function html(console: TestConsole, path: string, init?: RequestInit): Promise<string> {
  const response = await console.get(path, init);
  assert.equal(response.status, 200, path);
  return await response.text();
}

/** What stands in the cells of a table's lines, without tags. */
function lines(text: string, table: string): string[][] {
  const inside = new RegExp(`<table class="${table}".*?</table>`, "s").exec(text)?.[0] ?? "";
  return [...inside.matchAll(/<tr.*?<\/tr>/gs)].map(([line]) =>
    [...line.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) =>
      cell!.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ").trim()
    )
  );
}

/** A console whose every answer holds something. */
function filled(value = "iOS"): TestConsole {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail({ subject: value, campaign: value })];
  console.data.bodies["body-1"] = new TextEncoder().encode(
    "From: a@example.com\r\nContent-Type: text/html\r\n\r\n" +
      '<p>See <a href="https://e.example/1">one</a> <a href="https://e.example/2">two</a></p>' +
      "<script>alert(1)</script>",
  );
  console.data.technical = [
    { row: [], column: [], count: 4 },
    { row: [], column: ["Safari"], count: 3 },
    { row: [value], column: [], count: 3 },
    { row: [value], column: ["Safari"], count: 3 },
    { row: [value, "iPhone"], column: [], count: 3 },
    { row: [value, "iPhone"], column: ["Safari"], count: 3 },
    { row: [""], column: [], count: 1 },
    { row: ["", ""], column: [], count: 1 },
  ];
  console.data.bounces = {
    items: [
      { keys: { class: "unknown-user", provider: value, reply: value }, soft: 0, hard: 3 },
      { keys: { class: "mailbox-full", provider: "", reply: "" }, soft: 1, hard: 0 },
    ],
    total: { soft: 1, hard: 3, sent: 1600 },
  };
  const hour = 3_600_000;
  console.data.reactions = [
    { from: 0, to: hour, opened: 2, clicked: 1, opens: 5, clicks: 1 },
    { from: hour, to: 2 * hour, opened: 1, clicked: 0, opens: 1, clicks: 0 },
    { from: 2 * hour, to: null, opened: 0, clicked: 0, opens: 0, clicks: 0 },
  ];
  console.data.sendingHours = [
    { weekday: 2, hour: 9, sent: 200, opened: 100, clicked: 3 },
    { weekday: 7, hour: 23, sent: 4, opened: 3, clicked: 0 },
  ];
  const clicks = (clicks: number) => ({ recipients: 2, clicks, machineClicks: 7 });
  console.data.heat = {
    links: [{ position: 1, url: value, ...clicks(3) }, { position: 2, url: value, ...clicks(1) }],
    blocks: [{ block: 0, ...clicks(3) }],
    total: clicks(4),
  };
  return console;
}

Deno.test("the pivot has lines with subtotals, shares and a grand total", async () => {
  const text = await html(filled(), "/analysis/technical");
  assert.deepEqual(lines(text, "pivot"), [
    ["", "Browser"],
    ["System › Device", "Total", "Safari"],
    ["iOS", "3 75%", "3"],
    ["iPhone", "3 75%", "3"],
    ["unknown", "1 25%", "0"],
    ["unknown", "1 25%", "0"],
    ["Grand total", "4 100%", "3"],
  ]);
});

Deno.test("a line folds and unfolds by a link, which keeps all else", async () => {
  const console = filled();
  const folds = (text: string) =>
    [...text.matchAll(/href="([^"]*)#line-[^"]*" aria-expanded="(\w+)">([^<]*)</g)]
      .map(([, href, open, name]) => ({ href: href!.replaceAll("&amp;", "&"), open, name }));
  const [ios] = folds(await html(console, "/analysis/technical?hits=clicks&range=all"));
  assert.equal(ios!.open, "true");
  assert.match(ios!.href, /hits=clicks&range=all&closed=/);
  const closed = await html(console, ios!.href);
  assert.doesNotMatch(closed, /iPhone/);
  const [again] = folds(closed);
  assert.deepEqual([again!.name, again!.open], ["iOS", "false"]);
  assert.match(await html(console, again!.href), /iPhone/);
});

Deno.test("the form shows each row and column that was asked for", async () => {
  const text = await html(filled(), "/analysis/technical?rows=support,os,device&columns=");
  const chosen = [...text.matchAll(/<select name="(\w+)">(.*?)<\/select>/gs)].map((
    [, name, inside],
  ) => `${name} ${/value="(\w*)" selected/.exec(inside!)![1]}`);
  assert.deepEqual(chosen.slice(0, 4), ["rows support", "rows os", "rows device", "columns "]);
});

Deno.test("what is chosen reaches ClickHouse, and the files of the page", async () => {
  const console = filled();
  const asked = (path: string) => html(console, path).then(() => console.asked.at(-1)!.question);
  const technical = { hits: "both", count: "recipients", machines: false };
  const plain = await asked("/analysis/technical?range=all&rows=support&rows=&columns=");
  assert.deepEqual(plain, { ...technical, rows: ["support"], columns: [] });
  const file = await html(
    console,
    "/analysis/technical?campaign=a%26b&rows=os,model&machines=true",
  );
  assert.match(
    file.replaceAll("&amp;", "&"),
    /exports\/technical\?campaign=a%26b&rows=os%2Cmodel&columns=browser&hits=both&count=recipients&machines=true&format=csv/,
  );
  await html(console, "/analysis/bounces?range=all&by=code,pool");
  assert.deepEqual(console.asked.at(-1)!.question, { groupBy: ["code", "pool"], limit: 100 });
  await html(console, "/analysis/reactions?range=all&unit=day", {
    headers: { cookie: "chappe_zone=Europe%2FParis" },
  });
  assert.deepEqual(console.asked.slice(-2).map(({ question }) => question), [
    { unit: "day", units: 30 },
    { timezone: "Europe/Paris" },
  ]);
});

Deno.test("bounces are told by reason, provider and reply, in words, with their shares", async () => {
  const text = await html(filled(), "/analysis/bounces", FRENCH);
  assert.match(text, /<strong>1\u202f600<\/strong><span>Envoyés/);
  assert.match(text, /<strong>0,3\u00a0%<\/strong><span>Taux de rebond/);
  assert.deepEqual(lines(text, "bounces"), [
    ["Motif", "En erreur (soft)", "Annulé (hard)", "Tous", "Part"],
    ["destinataire inconnu", "0", "3", "3", "75 %"],
    ["boîte pleine", "1", "0", "1", "25 %"],
  ]);
});

Deno.test("reactions are drawn and told, and the best hour is the surest", async () => {
  const text = await html(filled(), "/analysis/reactions");
  assert.match(text, /3 opened, half of them within 1 hr/);
  assert.match(text, /<title>0 – 1 hr\nOpened first: 2\nClicked first: 1<\/title>/);
  assert.match(text, /Best: <strong>Tuesday 09:00, Sunday 23:00<\/strong>/);
  const table = lines(text, "hours");
  assert.equal(table[2]![10], "50% 100 of 200 opened");
  assert.equal(table[7]![24], "75% 3 of 4 opened");
});

Deno.test("hot zones stand on the mail and beside it, block by block", async () => {
  const console = filled();
  const text = await html(console, HEAT);
  assert.deepEqual(
    lines(text, "zone-table").map(([name, ...cells]) => [name, ...cells].join("|")),
    [
      "Block and link|Clicks|Messages|By machines|Share",
      "p See one two|3|2|7|75%",
      "1. one https://e.example/1|0|0|0|0%",
      "2. two https://e.example/2|3|2|7|75%",
      "3. (no text) iOS|1|2|7|25%",
      "Total|4|2|7|100%",
    ],
  );
  assert.match(text, new RegExp(`<iframe src="${HEAT}/mail"[^>]* sandbox=""`));
  const drawn = await console.get(`${HEAT}/mail`);
  assert.match(drawn.headers.get("content-security-policy")!, /default-src 'none'.*; sandbox$/);
  const mail = await drawn.text();
  assert.match(mail, /\[href\$="#chappe-link-1"\]::after\{content:"75% · 3"/);
  assert.match(mail, /href="https:\/\/e\.example\/2#chappe-link-1"/);
  assert.match(text, /href="\/campaigns\/iOS\/hot-zones"/);
  assert.match(await html(console, "/campaigns/iOS/hot-zones"), /Campaign iOS/);
  assert.match(await html(console, `/messages/${ID}`), new RegExp(`href="${HEAT}"`));
});

Deno.test("without the content, the links that were clicked are listed", async () => {
  const console = filled();
  console.data.bodies = {};
  const text = await html(console, HEAT, FRENCH);
  assert.match(text, /Le contenu n&#39;est plus conservé/);
  assert.doesNotMatch(text, /<iframe/);
  assert.equal(lines(text, "zone-table").length, 1 + 2 + 1);
  assert.match(await html(console, `${HEAT}/mail`), /no longer kept/);
});

Deno.test("what strangers wrote is text on every page", async () => {
  const console = filled(HOSTILE);
  const paths = [
    ...PATHS,
    `/analysis/technical?campaign=${encodeURIComponent(HOSTILE)}`,
    `/campaigns/${encodeURIComponent(HOSTILE)}/hot-zones`,
  ];
  for (const path of paths.filter((path) => path !== "/analysis/reactions")) {
    const response = await console.get(path);
    assert.match(response.headers.get("content-security-policy")!, /script-src 'self'/);
    const text = await response.text();
    assert.match(text, /&lt;script&gt;alert\(1\)/, path);
    assert.doesNotMatch(text, /<script>|<img|\sstyle=/i, path);
  }
});

Deno.test("parameters that cannot be used are explained on the page", async () => {
  const console = filled();
  const cases = [
    ["technical?rows=shoe", 422, /rows: /],
    ["technical?unknown=1", 422, /unknown: unknown parameter/],
    ["bounces?by=weather", 422, /by: /],
    ["bounces?from=soon", 422, /from: expected an ISO 8601 date/],
    ["reactions?unit=year", 422, /unit: /],
    ["reactions?range=year", 422, /range: /],
    [`technical?message=${ID.replace("1", "2")}`, 404, /there is no such message/],
    ["bounces?message=nonsense", 404, /there is no such message/],
  ] as const;
  for (const [query, status, why] of cases) {
    const response = await console.get(`/analysis/${query}`);
    assert.equal(response.status, status, query);
    const text = await response.text();
    assert.match(/<p class="alert" role="alert">([^<]*)/.exec(text)?.[1] ?? "", why, query);
    assert.match(text, /<form method="get"/);
  }
});

Deno.test("where there is nothing, pages say what makes it come", async () => {
  const console = createTestConsole();
  for (const path of PATHS.slice(0, 3)) {
    assert.match(await html(console, path), /swaks --server/, path);
    assert.match(await html(console, path, FRENCH), /Choisissez une période plus longue/, path);
  }
  console.data.bounces = { items: [], total: { soft: 0, hard: 0, sent: 12 } };
  assert.match(await html(console, "/analysis/bounces"), /Nothing bounced: of 12 messages/);
  console.data.messages["demo"] = [messageDetail()];
  console.data.bodies["body-1"] = new TextEncoder().encode("Subject: x\r\n\r\nNo links");
  assert.match(await html(console, HEAT), /no links that are counted/);
});

Deno.test("the analyses of another account are not there", async () => {
  const console = createTestConsole();
  console.data.messages["other"] = [messageDetail({ campaign: "spring" })];
  const paths = [HEAT, `${HEAT}/mail`, "/campaigns/spring/hot-zones"];
  for (const path of [...paths, ...PATHS.slice(0, 3).map((path) => `${path}?message=${ID}`)]) {
    assert.equal((await console.get(path)).status, 404, path);
  }
  assert.deepEqual(console.asked.filter(({ account }) => account !== "demo"), []);
});

Deno.test("one analysis leads to the others about the same messages; without ClickHouse none answers", async () => {
  const console = filled();
  assert.equal((await console.get("/analysis")).headers.get("location"), "/analysis/technical");
  const text = await html(console, "/analysis/technical?range=7d&campaign=iOS&rows=os");
  assert.match(text, /href="\/analysis\/bounces\?range=7d&amp;campaign=iOS"/);
  assert.match(text, /<a href="\/analysis" aria-current="page">Analysis</);
  const away = createTestConsole({ queries: failingQueries(new Error("connect ECONNREFUSED")) });
  for (const path of PATHS) assert.equal((await away.get(path)).status, 503, path);
});
