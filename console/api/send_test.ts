import assert from "node:assert/strict";
import { decodeWords } from "@chappe/src/mail";
import PostalMime from "postal-mime";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole, type TestConsole } from "../test_console.ts";
import { NOW } from "../test_data.ts";
import { KEYS } from "../test_ports.ts";

const HELLO = { from: "shop@example.com", to: ["you@example.net"], subject: "Hi", text: "Hello" };

const post = (console: TestConsole, body: unknown, headers = {}, query = "") =>
  send(console, `POST /messages${query}`, body, headers);
const rawOf = (console: TestConsole) => console.sent.handovers.at(-1)!.raw;
const textOf = (console: TestConsole) => new TextDecoder().decode(rawOf(console));

Deno.test("a message in pieces is handed in whole, and answered with id and recipients", async () => {
  const console = createTestConsole();
  const { status, headers, body } = await post(console, {
    from: { email: "shop@example.com", name: 'Été, "Shop"' },
    to: ["one@example.net", {
      email: "two@example.net",
      name: "Two",
      fields: { Ville: "Lyon, 7ᵉ", "a/b~c": "" },
    }],
    cc: ["three@example.net"],
    bcc: [{ email: "four@example.net", fields: { Ville: "Nice" } }],
    replyTo: "help@example.com",
    subject: "Été 🌞",
    text: "Hello",
    html: '<p>Hello <img src="cid:sun@example.com"></p>',
    headers: { "X-Campaign": "Spring", "List-Id": "<news.example.com>" },
    attachments: [
      { filename: "été.bin", content: "AAEC/w==" },
      {
        filename: "sun.png",
        contentType: "image/png",
        content: "iVBORw==",
        contentId: "sun@example.com",
        inline: true,
      },
    ],
    options: { billingCode: "B7 é", attention8: "x", trackOpen: false, listUnsubscribe: "off" },
  });
  assert.equal(status, 202);
  assert.equal(headers.get("location"), `/api/v1/messages/${body.id}`);
  assert.deepEqual((body.recipients as unknown[])[3], {
    index: 3,
    recipient: "four@example.net",
    type: "to",
  });

  const [handover] = console.sent.handovers;
  assert.deepEqual({ ...handover, raw: null }, {
    account: "demo",
    sender: "shop@example.com",
    recipients: [
      { address: "one@example.net" },
      { address: "two@example.net", name: "Two", fields: { Ville: "Lyon, 7ᵉ", "a/b~c": "" } },
      { address: "three@example.net" },
      { address: "four@example.net", fields: { Ville: "Nice" } },
    ],
    raw: null,
    client: { ip: "", ehlo: "", tls: null, login: "api-key:k1" },
    repeat: null,
  });
  assert.doesNotMatch(textOf(console), /four@|^bcc|Lyon|Nice/im);
  const mail = await PostalMime.parse(rawOf(console), { attachmentEncoding: "arraybuffer" });
  assert.deepEqual(mail.from, { name: 'Été, "Shop"', address: "shop@example.com" });
  assert.deepEqual(mail.to, [
    { name: "", address: "one@example.net" },
    { name: "Two", address: "two@example.net" },
  ]);
  assert.equal(mail.replyTo?.[0]?.address, "help@example.com");
  assert.equal(mail.subject, "Été 🌞");
  assert.equal(mail.text?.trim(), "Hello");
  assert.match(mail.html ?? "", /cid:sun/);
  const field = (key: string) => mail.headers.find((h) => h.key === key)?.value;
  assert.equal(field("x-campaign"), "Spring");
  assert.equal(field("list-id"), "<news.example.com>");
  assert.equal(JSON.parse(decodeWords(field("x-efidem-headers")!)).billingCode, "B7 é");
  const files = mail.attachments.map(({ filename, mimeType, contentId, disposition, content }) => [
    filename,
    mimeType,
    contentId,
    disposition,
    [...new Uint8Array(content as ArrayBuffer)],
  ]);
  assert.deepEqual(files.toSorted(), [
    ["sun.png", "image/png", "<sun@example.com>", "inline", [0x89, 0x50, 0x4e, 0x47]],
    ["été.bin", "application/octet-stream", undefined, "attachment", [0, 1, 2, 255]],
  ]);
});

Deno.test("a finished message goes as it is; query or header name the recipients", async () => {
  const console = createTestConsole();
  const raw = "From: Shop <shop@example.com>\r\nTo: a@example.net, B <b@example.net>\r\n" +
    "Cc: c@example.net\r\nBcc: d@example.net\r\nSubject: x\r\n\r\nBody\r\n";
  const rfc822 = { "content-type": "message/rfc822; charset=utf-8" };
  assert.equal((await post(console, raw, rfc822)).status, 202);
  assert.equal(textOf(console), raw);
  const [first] = console.sent.handovers;
  assert.equal(first!.sender, "shop@example.com");
  const named = ["a@example.net", "b@example.net", "c@example.net", "d@example.net"];
  assert.deepEqual(first!.recipients, named.map((address) => ({ address })));

  const query = "?to=x@example.net,%20y@example.net&returnPath=back@example.com";
  assert.equal((await post(console, raw, rfc822, query)).status, 202);
  const second = console.sent.handovers[1]!;
  assert.equal(second.sender, "back@example.com");
  assert.deepEqual(second.recipients, [{ address: "x@example.net" }, { address: "y@example.net" }]);

  const nobody = problemIn(await post(console, "From: a@b.example\r\n\r\n", rfc822), 422);
  assert.equal(nobody.errors?.[0]?.parameter, "to");
  problemIn(await post(console, raw, { "content-type": "text/plain" }), 415);
});

Deno.test("a recipient's field that cannot be kept is named by its place, and why", async () => {
  const console = createTestConsole();
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`field ${n}`, ""]));
  const cases: [string, string, RegExp][] = [
    ['{"Ville": 7}', "/Ville", /string/],
    [`{"Ville": "${"x".repeat(256)}"}`, "/Ville", /255/],
    ['{"Ville": "\\ud800"}', "/Ville", /Unicode/],
    ['{"": "x"}', "/", /1 to 64/],
    [`{"${"x".repeat(65)}": ""}`, `/${"x".repeat(65)}`, /1 to 64/],
    ['{"a\\tb": ""}', "/a\tb", /control/],
    ['{"a/b~\\u0085": ""}', "/a~1b~0\u0085", /control/],
    ['{"\\ud800": ""}', "/\ud800", /1 to 64/],
    ['{"__proto__": "x"}', "/__proto__", /called so/],
    [JSON.stringify(many), "", /more than 50/],
    ['["Lyon"]', "", /expected record/],
  ];
  for (const [fields, place, reason] of cases) {
    const body = JSON.stringify({ ...HELLO, to: ["a@b.example"], cc: [{ email: "c@b.example" }] })
      .replace('"c@b.example"', `"c@b.example","fields":${fields}`);
    const answer = await post(console, body, { "content-type": "application/json" });
    const [error] = problemIn(answer, 422).errors!;
    assert.equal(error!.pointer, `/cc/0/fields${place}`);
    assert.match(error!.detail, reason);
  }
  assert.equal(console.sent.handovers.length, 0);
  const most = Object.fromEntries(
    Array.from({ length: 50 }, (_, n) => [`${n}`.padEnd(3) + "🚀".repeat(61), "x".repeat(255)]),
  );
  assert.equal(
    (await post(console, { ...HELLO, to: [{ email: "a@b.example", fields: most }] })).status,
    202,
  );
  assert.deepEqual(console.sent.handovers[0]!.recipients, [{
    address: "a@b.example",
    fields: most,
  }]);
});

Deno.test("what cannot be sent is named by its place", async () => {
  const console = createTestConsole();
  const cases: [unknown, string][] = [
    [{ ...HELLO, from: "nobody" }, "/from"],
    [{ ...HELLO, from: "a@b.example, c@d.example" }, "/from"],
    [{ ...HELLO, to: ["a@b.example", { email: "x" }] }, "/to/1/email"],
    [{ ...HELLO, to: [] }, "/to"],
    [{ ...HELLO, text: undefined }, "/text"],
    [{ ...HELLO, subject: "a\r\nBcc: x@y.example" }, "/subject"],
    [{ ...HELLO, headers: { "X-A": "a\nX-B: c" } }, "/headers/X-A"],
    [{ ...HELLO, headers: { "X-A: b\r\nX-C": "a" } }, "/headers/X-A: b\r\nX-C"],
    [{ ...HELLO, headers: { bCC: "x@y.example" } }, "/headers/bCC"],
    [{ ...HELLO, headers: { "Content-Type": "text/html" } }, "/headers/Content-Type"],
    [{ ...HELLO, headers: { "x-efidem-headers": "{}" } }, "/headers/x-efidem-headers"],
    [{ ...HELLO, options: { billing: "x" } }, "/options/billing"],
    [{ ...HELLO, options: { trackOpen: "yes" } }, "/options/trackOpen"],
    [{ ...HELLO, attachments: [{ filename: "a", content: "*" }] }, "/attachments/0/content"],
    [{ ...HELLO, attachments: [{ content: "" }] }, "/attachments/0/filename"],
    [{ ...HELLO, returnPath: "x" }, "/returnPath"],
    [{ ...HELLO, path: "/etc/passwd" }, "/path"],
    [
      {
        ...HELLO,
        attachments: [{ filename: "a", content: "", contentType: "multipart/mixed" }],
      },
      "/attachments/0/contentType",
    ],
  ];
  for (const [body, pointer] of cases) {
    const { errors } = problemIn(await post(console, body), 422);
    assert.equal(errors?.[0]?.pointer, pointer, JSON.stringify(errors));
  }
  const json = { "content-type": "application/json" };
  problemIn(await post(console, "{", json), 400);
  const inQuery = problemIn(await post(console, HELLO, {}, "?to=a@b.example"), 422);
  assert.equal(inQuery.errors?.[0]?.parameter, "to");
  assert.equal(console.sent.handovers.length, 0);
});

Deno.test("refusals keep the words of SMTP, each with its status", async () => {
  const console = createTestConsole();
  const cases: [reason: string, code: number, status: number][] = [
    ["sender", 550, 403],
    ["content", 550, 422],
    ["syntax", 553, 422],
    ["recipients", 452, 422],
    ["size", 552, 413],
    ["log", 451, 503],
    ["memory", 452, 503],
  ];
  for (const [reason, code, status] of cases) {
    const reply = { code, enhanced: "5.0.0", text: `because of ${reason}` };
    console.sent.outcome = { kind: "refused", reason, reply, retryAt: null };
    const answer = await post(console, HELLO);
    const { detail, smtp } = problemIn(answer, status);
    assert.equal(detail, reply.text);
    assert.deepEqual(smtp, reply);
    assert.equal(answer.headers.get("retry-after"), status === 503 ? "10" : null);
  }
  const reply = { code: 451, enhanced: "4.7.1", text: "Hourly limit" };
  console.sent.outcome = { kind: "refused", reason: "quota", reply, retryAt: NOW + 90_500 };
  const limited = await post(console, HELLO);
  problemIn(limited, 429);
  assert.equal(limited.headers.get("retry-after"), "91");
});

Deno.test("a key goes along with a fingerprint of the whole request", async () => {
  const console = createTestConsole();
  const keyed = { "idempotency-key": "order 42" };
  const rfc822 = { ...keyed, "content-type": "message/rfc822" };
  const raw = "From: a@b.example\r\n\r\n";
  await post(console, HELLO, keyed);
  await post(console, HELLO, keyed);
  await post(console, { ...HELLO, subject: "Other" }, keyed);
  await post(console, raw, rfc822, "?to=a@b.example");
  await post(console, raw, rfc822, "?to=c@d.example");
  const repeats = console.sent.handovers.map(({ repeat }) => repeat!);
  assert.ok(repeats.every(({ key }) => key === "order 42"));
  assert.equal(repeats[0]!.fingerprint, repeats[1]!.fingerprint);
  assert.equal(new Set(repeats.map(({ fingerprint }) => fingerprint)).size, 4);

  console.sent.outcome = { kind: "key-reused" };
  const reused = problemIn(await post(console, HELLO, keyed), 422);
  assert.equal(reused.errors?.[0]?.parameter, "Idempotency-Key");
  console.sent.outcome = { kind: "under-way", retryAt: NOW + 5_000 };
  const early = await post(console, HELLO, keyed);
  problemIn(early, 409);
  assert.equal(early.headers.get("retry-after"), "5");
  problemIn(await post(console, HELLO, { "idempotency-key": "x".repeat(256) }), 422);
});

Deno.test("operators send; the platform's key sends for any account", async () => {
  const console = createTestConsole();
  problemIn(await post(console, HELLO, { key: KEYS.analyst }), 403);
  assert.equal((await post(console, HELLO, { key: KEYS.operator })).status, 202);
  const path = "POST /accounts/other/messages";
  const { status, headers } = await send(console, path, HELLO, { key: KEYS.platform });
  assert.equal(status, 202);
  assert.match(headers.get("location")!, /^\/api\/v1\/accounts\/other\/messages\//);
  const { account, client } = console.sent.handovers[1]!;
  assert.equal(account, "other");
  assert.equal(client.login, `api-key:platform/${KEYS.platform}`);
  problemIn(await send(console, path, HELLO), 404);
});

Deno.test("it is larger than other bodies may be, and stands in the description", async () => {
  const console = createTestConsole();
  assert.equal((await post(console, { ...HELLO, text: "x".repeat(100_000) })).status, 202);
  const { body } = await send(console, "GET /openapi.json");
  const { post: operation } = (body.paths as Record<string, Record<string, unknown>>)["/messages"]!;
  const { requestBody, responses } = operation as Record<string, Record<string, unknown>>;
  assert.deepEqual(Object.keys(requestBody!.content as object), [
    "application/json",
    "message/rfc822",
  ]);
  assert.deepEqual(Object.keys(responses!).map(Number), [
    202,
    400,
    401,
    403,
    408,
    409,
    413,
    415,
    422,
    429,
    503,
  ]);
});
