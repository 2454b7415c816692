import assert from "node:assert/strict";
import { createTestConsole, type TestConsole } from "../test_console.ts";
import { messageDetail, NO_FIGURES, NOW } from "../test_data.ts";
import { failingQueries } from "../test_queries.ts";

const ID = "019e0000-0000-7000-8000-000000000001";
const HOSTILE = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

async function html(console: TestConsole, path: string, init?: RequestInit): Promise<string> {
  const response = await console.get(path, init);
  assert.equal(response.status, 200, path);
  return await response.text();
}

Deno.test("pages run no script but ours and may not be framed", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail()];
  for (const path of ["/", "/messages", `/messages/${ID}`, "/mailbox"]) {
    const { headers } = await console.get(path);
    const policy = headers.get("content-security-policy")!;
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/, path);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("cache-control"), "no-store");
    const text = await html(console, path);
    assert.doesNotMatch(text, /<script(?![^>]* src=)|\son\w+=|\sstyle=|javascript:/i, path);
  }
});

Deno.test("what strangers wrote is text, wherever it stands", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail({
    subject: HOSTILE,
    sender: HOSTILE,
    recipient: HOSTILE,
    messageId: HOSTILE,
    reply: { code: 550, enhanced: null, text: HOSTILE },
    references: { customerReference: HOSTILE },
  })];
  console.data.mails = [{
    seq: 1,
    at: NOW,
    headers: { from: HOSTILE, to: HOSTILE, subject: HOSTILE },
    raw: new TextEncoder().encode(`Subject: ${HOSTILE}\r\nX-Evil: ${HOSTILE}\r\n\r\n${HOSTILE}`),
  }];
  const paths = [
    "/messages",
    `/messages?subject=${encodeURIComponent(HOSTILE)}`,
    `/messages/${ID}`,
    "/mailbox",
    ...["text", "headers", "source"].map((view) => `/mailbox/1?view=${view}`),
  ];
  for (const path of paths) {
    const text = await html(console, path);
    assert.match(text, /&lt;script&gt;alert\(1\)/, path);
    assert.doesNotMatch(text, /<script>|<img/, path);
  }
});

Deno.test("the overview counts, draws and explains, in both languages", async () => {
  const console = createTestConsole();
  const figures = {
    ...NO_FIGURES,
    sent: 1234,
    delivered: 1000,
    opened: 500,
    clicked: 100,
    rates: { ...NO_FIGURES.rates, open: 0.405 },
    machine: { ...NO_FIGURES.machine, opened: 7 },
  };
  console.data.stats = {
    items: [{ key: "2026-11-22T04:00:00.000Z", ...figures }],
    total: figures,
  };
  const english = await html(console, "/");
  for (const text of ["1,234", "40.5%", "+7 by machines", "Open rate", "opened / sent"]) {
    assert(english.includes(text), text);
  }
  assert.match(
    english,
    /<title>22 Nov, 04:00\nDelivered: 1,000\nOpened: 500\nClicked: 100<\/title>/,
  );
  const french = await html(console, "/?range=30d", { headers: { "accept-language": "fr-FR" } });
  for (const text of ["1\u202f234", "Taux d&#39;ouverture", "Message envoyé, attente retour"]) {
    assert(french.includes(text), text);
  }
  assert.match(french, /<html lang="fr"/);
});

Deno.test("the chart's period begins at the reader's midnight", async () => {
  const console = createTestConsole();
  await html(console, "/?range=7d", { headers: { cookie: "chappe_zone=Europe%2FParis" } });
  const from = Date.parse("2026-11-15T23:00:00Z");
  assert.deepEqual(console.asked.at(-1)?.question, { from, groupBy: "hour" });
});

Deno.test("the list has the service's columns, chips and marks", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [
    messageDetail({ status: "clicked", recipientType: "bcc", opened: true, clicked: true }),
  ];
  const text = await html(console, "/messages", { headers: { "accept-language": "fr" } });
  const headings = [...text.matchAll(/<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)/g)].map((m) =>
    m[1]
  );
  assert.deepEqual(headings, [
    "ID",
    "Emetteur",
    "Destinataire",
    "Statut",
    "Type",
    "Sujet",
    "Date d&#39;envoi",
    "Date du statut",
    "Retour",
    "Ouvertures",
    "Clics",
  ]);
  assert.match(text, /<td class="recipientType">CCI<\/td>/);
  assert.match(text, /class="chip clicked"[^>]*>Cliqué</);
  assert.match(text, /aria-sort="descending"/);
});

Deno.test("what a page shows is a file of every kind behind its links", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail()];
  const grids: Record<string, string[]> = {
    "/": ["stats"],
    "/messages?subject=a": ["messages"],
    [`/messages/${ID}`]: ["recipients", "hits"],
  };
  for (const [path, shown] of Object.entries(grids)) {
    const text = await html(console, path, { headers: { "accept-language": "fr" } });
    const links = [...text.matchAll(/href="(\/api\/v1\/exports\/[^"]+)"/g)]
      .map(([, link]) => link!.replaceAll("&amp;", "&"));
    assert.deepEqual(
      links.map((link) => /exports\/(\w+)\?.*format=(\w+)/.exec(link)!.slice(1)),
      shown.flatMap((grid) => ["csv", "xlsx", "xls", "jsonl"].map((format) => [grid, format])),
    );
    for (const link of links.filter((link) => /format=csv/.test(link))) {
      const file = await console.get(link);
      assert.equal(file.status, 200, link);
      assert.match(file.headers.get("content-disposition")!, /^attachment/);
      await file.body?.cancel();
    }
  }
});

Deno.test("an empty list tells how to fill it, a filtered one how to widen it", async () => {
  const console = createTestConsole();
  assert.match(await html(console, "/messages"), /swaks --server/);
  const filtered = await html(console, "/messages?subject=nothing");
  assert.doesNotMatch(filtered, /swaks/);
  assert.match(filtered, /No message matches/);
});

Deno.test("filters that cannot be used are explained on the page", async () => {
  const console = createTestConsole();
  for (const query of ["sort=nonsense", "from=soon", "unknown=1", "cursor=bad"]) {
    const response = await console.get(`/messages?${query}`);
    assert.equal(response.status, 422);
    assert.match(await response.text(), /role="alert"/);
  }
});

Deno.test("a message shows what its sender tells of each recipient", async () => {
  const console = createTestConsole();
  const told = { name: "Ann <b>Lee</b>", fields: { "R & D": "Lyon <3", Ville: "" } };
  console.data.messages["demo"] = [messageDetail(told)];
  const text = (await html(console, `/messages/${ID}`)).replaceAll(" >", ">");
  assert.match(text, /<span class="name">Ann &lt;b&gt;Lee&lt;\/b&gt;<\/span>/);
  assert.match(text, /<dt>R &amp; D<\/dt><dd>Lyon &lt;3<\/dd>/);
  assert.match(text, /<dt>Ville<\/dt>/);
  console.data.messages["demo"] = [messageDetail({ name: null, fields: {} })];
  const untold = await html(console, `/messages/${ID}`);
  assert.doesNotMatch(untold, /class="(?:name|facts own)"/);
});

Deno.test("a message shows each recipient's story in words", async () => {
  const console = createTestConsole();
  const detail = messageDetail();
  detail.recipients[0]!.events = [
    event("message.accepted", {
      client: { ip: "127.0.0.1", ehlo: "me", tls: null, login: "demo" },
    }),
    event("delivery.deferred", {
      ...ROUTE,
      reply: null,
      error: "connection refused",
      class: "connection",
      nextAttemptAt: NOW + 60_000,
    }),
    event("delivery.delivered", { ...ROUTE, attempt: 2, reply: REPLY }),
    event("engagement.clicked", {
      mode: "full",
      userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
      hints: {},
      ip: "203.0.113.0",
      sinceSent: 5_000,
      link: 0,
      url: "javascript:alert(1)",
      actor: "scanner",
      reason: "burst-2-in-500ms",
    }),
    event("engagement.clicked", {
      mode: "date-only",
      userAgent: "",
      hints: {},
      ip: "",
      sinceSent: null,
      link: 1,
      url: "attachment:Price%20%26%20list.pdf",
    }),
    event("delivery.delivered", { strange: "from a later version" }),
  ];
  console.data.messages["demo"] = [detail];
  const text = await html(console, `/messages/${ID}`);
  const expected = [
    "No answer, will be tried again",
    "connection refused",
    "250 2.0.0 Ok",
    "TLSv1.3, TLS_AES_256_GCM_SHA384",
    "the account sends from the shared pool, free addresses 2",
    "Firefox 140, Linux",
    'title="burst-2-in-500ms">a security scanner (machine)',
    "127.0.0.1, login demo",
    "from a later version",
    "Price &amp; list.pdf",
    "Attachments, as links",
    "Price list.pdf (48 kB, 3 downloads)",
  ];
  for (const words of expected) assert(text.includes(words), words);
  assert.doesNotMatch(text, /href="(javascript|attachment):/);
});

Deno.test("another account's message does not exist, and says so in words", async () => {
  const console = createTestConsole();
  console.data.messages["other"] = [messageDetail()];
  for (const path of ["", "/source", "/preview"]) {
    const response = await console.get(`/messages/${ID}${path}`);
    assert.equal(response.status, 404);
    assert.match(await response.text(), /<h1>Not found<\/h1>/);
  }
});

Deno.test("a hostile mail is shown without rights, and quietly", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail()];
  console.data.bodies["body-1"] = new TextEncoder().encode(
    `Content-Type: text/html\r\n\r\n<script>fetch("/")</script><form action="/logout">`,
  );
  const page = await html(console, `/messages/${ID}`);
  assert.match(page, /<iframe src="\/messages\/[^"]+\/preview"[^>]* sandbox=""/);
  const { headers } = await console.get(`/messages/${ID}/preview`);
  assert.match(headers.get("content-security-policy")!, /; sandbox$/);
  assert.equal(headers.get("referrer-policy"), "no-referrer");
});

Deno.test("a preview without HTML, or without a body, is text", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail()];
  assert.match(await html(console, `/messages/${ID}/preview`), /no longer kept/);
  console.data.bodies["body-1"] = new TextEncoder().encode("Subject: x\r\n\r\n1 < 2");
  assert.match(await html(console, `/messages/${ID}/preview`), /1 &lt; 2/);
});

Deno.test("without ClickHouse pages say so; the rest goes on", async () => {
  const console = createTestConsole({
    queries: failingQueries(new Error("connect ECONNREFUSED")),
  });
  const response = await console.get("/");
  assert.equal(response.status, 503);
  assert.match(await response.text(), /Not available right now/);
  assert.equal((await console.get("/mailbox")).status, 200);
});

Deno.test("the language stays as chosen, and leads back to the page", async () => {
  const console = createTestConsole();
  const body = new URLSearchParams({ lang: "fr", back: "/messages?type=cc" });
  const response = await console.get("/language", { method: "POST", body });
  assert.equal(response.headers.get("location"), "/messages?type=cc");
  const cookie = response.headers.get("set-cookie")!.split(";")[0]!;
  const page = await html(console, "/", { headers: { cookie, "accept-language": "en" } });
  assert.match(page, /<html lang="fr"/);
});

Deno.test("preferences that are nonsense are not used", async () => {
  const console = createTestConsole();
  const cookie = `chappe_zone=Mars%2FOlympus; chappe_theme="><script>; chappe_lang=xx`;
  const page = await html(console, "/", { headers: { cookie } });
  assert.match(page, /<html lang="en" +data-zone="UTC">/);
});

const REPLY = { code: 250, enhanced: "2.0.0", text: "Ok" };
const ROUTE = {
  attempt: 1,
  address: "127.0.0.7",
  pool: "shared",
  provider: "example",
  domain: "example.net",
  mx: "mx.example.net",
  tls: { version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384" },
  tookMs: 12,
  why: { rule: "shared-pool", figures: { addresses: 2 } },
};
let made = 0;
function event(
  type: "message.accepted" | "delivery.deferred" | "delivery.delivered" | "engagement.clicked",
  data: object,
) {
  return { id: `event-${made++}`, type, at: NOW, rcpt: 0, data: { ...data } };
}
