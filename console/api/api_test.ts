import assert from "node:assert/strict";
import { BodyGoneError, LogUnavailableError } from "@chappe/src/log";
import { ATTENTIONS, type MessageDetail } from "@chappe/analytics";
import { createTestConsole } from "../test_console.ts";
import { messageDetail, NO_FIGURES } from "../test_data.ts";
import { OTHER_KEY } from "../test_ports.ts";
import { failingQueries } from "../test_queries.ts";
import { Problem } from "./problem.ts";
import { MessageDetailShape, MessagePage, StatsShape } from "./shapes.ts";

const EVENT = {
  id: "019e0000-0000-7000-8000-0000000000aa",
  type: "message.accepted",
  at: Date.parse("2026-11-22T05:29:00Z"),
  rcpt: null,
  data: { sender: "shop@example.com" },
} as const;

function withEvents(detail: MessageDetail): MessageDetail {
  return { ...detail, recipients: detail.recipients.map((r) => ({ ...r, events: [EVENT] })) };
}

async function problemOf(response: Response, status: number): Promise<Problem> {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const body = Problem.parse(await response.json());
  assert.equal(body.status, status);
  return body;
}

Deno.test("messages are listed as the contract says", async () => {
  const { api, data } = createTestConsole();
  data.messages["demo"] = [
    messageDetail({ opened: true, opens: 2, openedAt: Date.parse("2026-11-22T05:29:02Z") }),
  ];
  const response = await api("/messages");
  assert.equal(response.status, 200);
  const page = MessagePage.parse(await response.json());
  assert.deepEqual(page.items[0], {
    id: "019e0000-0000-7000-8000-000000000001",
    sender: "shop@example.com",
    recipient: "you@example.net",
    name: null,
    fields: {},
    recipientType: "to",
    subject: "Your order",
    sentAt: "2026-11-22T05:29:00.000Z",
    status: "delivered",
    statusAt: "2026-11-22T05:29:01.000Z",
    reply: { code: 250, enhanced: "2.0.0", text: "Ok: queued" },
    opened: true,
    clicked: false,
    address: "192.0.2.7",
    pool: "shared",
    domain: "example.net",
    provider: "other",
    campaign: null,
    attempts: 1,
    opens: 2,
    clicks: 0,
    openedAt: "2026-11-22T05:29:02.000Z",
    clickedAt: null,
    headers: {
      billingCode: "B7",
      customerReference: null,
      attention1: null,
      attention2: null,
      attention3: null,
      attention4: null,
      attention5: null,
      attention6: null,
      attention7: null,
      attention8: null,
    },
  });
  assert.equal(page.next, null);
});

Deno.test("every parameter reaches the question, for the key's account", async () => {
  const { api, asked } = createTestConsole();
  const parameters =
    "recipient=a&sender=b&subject=c&status=opened,clicked&status=pending&type=bcc" +
    "&from=2026-11-01&to=1790000000000&campaign=d&reference=e&billingCode=f&attention1=g&attention8=h&sort=-statusAt&limit=7&cursor=x";
  assert.equal((await api(`/messages?${parameters}`)).status, 200);
  const { account, question } = asked[0]!;
  assert.equal(account, "demo");
  const { filter, page } = question as { filter: unknown; page: Record<string, unknown> };
  assert.deepEqual(filter, {
    recipient: "a",
    sender: "b",
    subject: "c",
    status: ["opened", "clicked", "pending"],
    type: "bcc",
    from: Date.parse("2026-11-01T00:00:00Z"),
    to: 1790000000000,
    campaign: "d",
    reference: "e",
    billingCode: "f",
    attentions: { attention1: "g", attention8: "h" },
  });
  assert.deepEqual([page["sort"], page["limit"], page["cursor"]], ["-statusAt", 7, "x"]);
});

Deno.test("parameters that cannot be used are named", async () => {
  const { api } = createTestConsole();
  const cases: [string, string][] = [
    ["colour=red", "colour"],
    ["status=lost", "status"],
    ["type=from", "type"],
    ["from=yesterday", "from"],
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["limit=ten", "limit"],
    ["sort=size", "sort"],
    ["sender=a&sender=b", "sender"],
  ];
  for (const [query, parameter] of cases) {
    const body = await problemOf(await api(`/messages?${query}`), 422);
    assert.equal(body.errors?.[0]?.parameter, parameter, query);
    assert.equal(body.instance, "/api/v1/messages");
  }
  await problemOf(await api("/messages?cursor=bad"), 422);
  await problemOf(await api("/stats?groupBy=weather"), 422);
  await problemOf(await api("/messages/019e0000-0000-7000-8000-000000000001?x=1"), 422);
});

Deno.test("empty parameters count as not given", async () => {
  const { api, asked } = createTestConsole();
  assert.equal((await api("/messages?recipient=&status=&limit=&from=")).status, 200);
  assert.deepEqual((asked[0]!.question as { filter: unknown }).filter, {});
});

Deno.test("a message tells its recipients and their events", async () => {
  const { api, data } = createTestConsole();
  data.messages["demo"] = [withEvents(messageDetail())];
  const response = await api("/messages/019E0000-0000-7000-8000-000000000001");
  const detail = MessageDetailShape.parse(await response.json());
  assert.equal(detail.recipients[0]!.events[0]!.at, "2026-11-22T05:29:00.000Z");
  assert.equal(detail.headers.billingCode, "B7");
});

Deno.test("the source is the bytes as they came, and 410 once they are gone", async () => {
  const { api, data } = createTestConsole();
  data.messages["demo"] = [messageDetail()];
  const path = "/messages/019e0000-0000-7000-8000-000000000001/source";
  await problemOf(await api(path), 410);
  data.bodies["body-1"] = new Uint8Array([0x46, 0, 0xff]);
  const response = await api(path);
  assert.equal(response.headers.get("content-type"), "message/rfc822");
  assert.match(response.headers.get("content-disposition")!, /^attachment; filename="019e/);
  assert.deepEqual(await response.bytes(), new Uint8Array([0x46, 0, 0xff]));
});

Deno.test("figures are handed through", async () => {
  const { api, data, asked } = createTestConsole();
  const figures = { ...NO_FIGURES, sent: 3, machine: { ...NO_FIGURES.machine, opened: 1 } };
  data.stats = { items: [{ key: "2026-11-22T05:00:00.000Z", ...figures }], total: figures };
  const response = await api("/stats?groupBy=hour&from=2026-11-22T00:00:00Z");
  assert.deepEqual(StatsShape.parse(await response.json()), data.stats);
  const from = Date.parse("2026-11-22T00:00:00Z");
  assert.deepEqual(asked[0]!.question, { groupBy: "hour", from, limit: 10_000 });
});

Deno.test("without a key, or with a wrong one: 401", async () => {
  const { app } = createTestConsole();
  const headers: Record<string, string>[] = [
    {},
    { authorization: "Bearer nope" },
    { authorization: "Basic dGVzdA==" },
    { authorization: "Bearer " },
    { authorization: "" },
  ];
  for (const given of headers) {
    const response = await app.request("/api/v1/messages", { headers: given });
    assert.match(response.headers.get("www-authenticate") ?? "", /^Bearer /);
    await problemOf(response, 401);
  }
});

Deno.test("a session of the console may use the API too, of its own account", async () => {
  const { get, asked } = createTestConsole();
  assert.equal((await get("/api/v1/messages")).status, 200);
  assert.equal(asked[0]!.account, "demo");
});

Deno.test("another account's message does not exist", async () => {
  const { api, data } = createTestConsole();
  data.messages["demo"] = [messageDetail()];
  data.bodies["body-1"] = new Uint8Array(1);
  const headers = { authorization: `Bearer ${OTHER_KEY}` };
  const path = "/messages/019e0000-0000-7000-8000-000000000001";
  await problemOf(await api(path, { headers }), 404);
  await problemOf(await api(`${path}/source`, { headers }), 404);
  assert.deepEqual((await (await api("/messages", { headers })).json()).items, []);
});

Deno.test("what is not there, not possible or too large is a problem", async () => {
  const { api } = createTestConsole();
  await problemOf(await api("/nothing"), 404);
  await problemOf(await api("/messages/not-an-id"), 404);
  await problemOf(await api("/messages/%00"), 404);
  const refused = await api("/messages", { method: "DELETE" });
  assert.equal(refused.headers.get("allow"), "GET, HEAD, POST");
  await problemOf(refused, 405);
  await problemOf(await api("/stats", { method: "POST", body: "x".repeat(70_000) }), 413);
});

Deno.test("ClickHouse or the log away: 503; a fault of ours: 500 that tells nothing", async () => {
  const away = createTestConsole({
    queries: failingQueries(new Error("connect ECONNREFUSED 10.1.2.3")),
  });
  const body = await problemOf(await away.api("/messages"), 503);
  assert.doesNotMatch(body.detail, /10\.1\.2\.3/);

  const failing = (error: Error) => ({ get: () => Promise.reject(error) });
  const path = "/messages/019e0000-0000-7000-8000-000000000001/source";
  for (
    const [error, status] of [
      [new LogUnavailableError("no connection"), 503],
      [new BodyGoneError("gone"), 410],
      [new Error("secret path /etc/x"), 500],
    ] as const
  ) {
    const console = createTestConsole({ bodies: failing(error) });
    console.data.messages["demo"] = [messageDetail()];
    const body = await problemOf(await console.api(path), status);
    assert.doesNotMatch(body.detail, /secret/);
  }
});

Deno.test("the OpenAPI document describes what is served, without login", async () => {
  const { app } = createTestConsole();
  const response = await app.request("/api/v1/openapi.json");
  assert.equal(response.status, 200);
  const document = await response.json();
  assert.equal(document.openapi, "3.1.0");
  const list = document.paths["/messages"].get;
  assert.deepEqual(
    list.parameters.map((p: { name: string }) => p.name),
    [
      "recipient",
      "sender",
      "subject",
      "status",
      "type",
      "from",
      "to",
      "campaign",
      "reference",
      "billingCode",
      ...ATTENTIONS,
      "filter",
      "sort",
      "limit",
      "cursor",
    ],
  );
  const limit = list.parameters.find((p: { name: string }) => p.name === "limit");
  assert.deepEqual([limit.schema.type, limit.schema.maximum], ["integer", 1000]);
  assert.equal(document.components.schemas.MessagePage.properties.items.type, "array");
  // Every reference leads somewhere.
  for (const [, name] of JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)) {
    assert(name! in document.components.schemas, name);
  }
});
