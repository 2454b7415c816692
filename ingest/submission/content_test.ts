/** What is refused for what it says, and what is not. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { accepted, rejected, start } from "./test_support.ts";

const HEAD = "From: News <news@example.com>\r\nTo: someone@example.net\r\nSubject: Hello\r\n";

Deno.test("who may not be MAIL FROM is named, and the refusal recorded", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const reply = await wire.ask("MAIL FROM:<boss@other.example>", "550 5.7.1 boss@other.example ");
  assert.match(reply, /is not a sender of this account/);
  const [event] = rejected(server);
  assert.equal(event!.account, "demo");
  assert.deepEqual(event!.data, {
    reason: "sender",
    reply: { code: 550, enhanced: "5.7.1", text: reply.slice(10) },
    sender: "boss@other.example",
    recipients: [],
    client: { ip: "127.0.0.1", ehlo: "client.example", login: "demo" },
  });
});

for (
  const [what, from, answer] of [
    ["another's address", "From: boss@other.example", "550 5.7.1 boss@other.example"],
    [
      "one of another among several",
      "From: news@example.com, x@y.example",
      "550 5.7.1 x@y.example",
    ],
    ["two fields", "From: news@example.com\r\nFrom: news@example.com", "550 5.6.0"],
    ["no field", "Subject: none", "550 5.6.0"],
    ["no address", "From: nobody:;", "550 5.6.0"],
    ["no mailbox", "From: news", "550 5.6.0"],
    ["an address that only looks right", 'From: "news@example.com" <x@y.example>', "550 5.7.1"],
  ] as const
) {
  Deno.test(`header From with ${what} is refused`, async () => {
    await using server = await start();
    using wire = await server.logIn();
    await wire.send(`${from}\r\nTo: a@b.example\r\n\r\nBody`, { expect: answer });
    assert.equal(accepted(server).length, 0);
    assert.equal(rejected(server).length, 1);
    assert.deepEqual(rejected(server)[0]!.data.recipients, ["someone@example.net"]);
    await wire.send(`${HEAD}\r\nthe session goes on`);
  });
}

Deno.test("the null reverse-path is taken, if the header From is the account's", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.send(`${HEAD}\r\nAuto-reply`, { from: "" });
  assert.equal(accepted(server)[0]!.data.sender, "");
  await wire.send("From: x@y.example\r\n\r\nBody", { from: "", expect: "550 5.7.1" });
});

Deno.test("headers that cannot be sent on are refused with the reason", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.send(`${HEAD}X-Nul: a\0b\r\n\r\nBody`, { expect: "550 5.6.0" });
  await wire.send(`${HEAD}X-Bare: a\rb\r\n\r\nBody`, { expect: "550 5.6.0" });
  await wire.send(`${HEAD}X-Bare: a\nBcc: b@c.example\r\n\r\nBody`, { expect: "550 5.6.0" });
  await wire.send(`no header at all`, { expect: "550 5.6.0" });
  await wire.send("", { expect: "550 5.6.0" });
  const bad = `${HEAD}X-EFIDEM-HEADERS: {"trackOpen": "maybe"}\r\n\r\nBody`;
  assert.match(await wire.send(bad, { expect: "550 5.6.0" }), /trackOpen/);
  assert.equal(server.stored.length, 0);
});

Deno.test("more than 50 Received fields are a loop", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const hops = (n: number) =>
    "Received: from a by b; Sun, 22 Nov 2026 10:00:00 +0000\r\n".repeat(n);
  await wire.send(`${hops(50)}${HEAD}\r\nBody`);
  await wire.send(`${hops(51)}${HEAD}\r\nBody`, { expect: "554 5.4.6" });
  assert.equal(rejected(server)[0]!.data.reason, "loop");
});

Deno.test("broken MIME is the sender's own affair", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const broken = [
    "Content-Type: multipart/mixed\r\n\r\nno boundary",
    'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nnever closed',
    "Content-Type: text/html; charset=klingon\r\nContent-Transfer-Encoding: base65\r\n\r\n<p>",
    "Content-Type: ;;;\r\nContent-Type: text/plain\r\n\r\nBody",
    "Content-Transfer-Encoding: base64\r\n\r\n!!! not base64 !!!",
  ];
  for (const rest of broken) await wire.send(`${HEAD}${rest}`);
  assert.equal(accepted(server).length, broken.length);
});

Deno.test("very long texts are cut, in the event and in the reply", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const folded = Array.from({ length: 100 }, () => " 😀😀😀😀😀😀😀😀😀😀\r\n").join("");
  await wire.send(
    `From: news@example.com\r\nSubject:${folded}Message-ID: <${"x".repeat(990)}@y>\r\n\r\n`,
  );
  const { subject, messageId } = accepted(server)[0]!.data;
  assert.ok(subject.isWellFormed() && subject.length === 998);
  assert.ok(messageId.length <= 998);
  const reply = await wire.send(`From: ${"x".repeat(950)}@other.example\r\n\r\n`, {
    expect: "550 5.7.1",
  });
  assert.ok(reply.length <= 510);
});

Deno.test("whatever the header, the answer is a 250 or a refusal with its reason", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const piece = fc.constantFrom(
    ...'From: |Subject: |To: |X-EFIDEM-HEADERS: |Received: |\r\n|\r\n |\n|\r|\0|<|>|,|;|:|@|(|)|"|\\'
      .split("|"),
    ..."=?utf-8?q?=ff?=|=?x?b?!?=|{|}|null|news@example.com|a@b.example|😀|é|\x1b|[|]|group:".split(
      "|",
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const header = `From: news@example.com\r\n${pieces.join("")}`;
      const reply = await wire.send(header.replaceAll("\r\n.", "\r\n.."), { expect: "" });
      assert.match(reply, /^(250 2\.0\.0 queued as|550 5\.7\.1|550 5\.6\.0) ?/);
    }),
    { numRuns: 300 },
  );
});
