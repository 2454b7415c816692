import assert from "node:assert/strict";
import * as fc from "fast-check";
import { accepted, rejected, start, text } from "./test_support.ts";

const HEAD = "From: News <news@example.com>\r\nTo: someone@example.net\r\nSubject: Hello\r\n";

Deno.test("an accepted message is stored as sent, and its event says all about it", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const reply = await wire.send(`${HEAD}Message-ID: <1@example.com>\r\n\r\nBody\r\n..dot`);
  const id = /^250 2\.0\.0 queued as ([0-9a-f-]{36})$/.exec(reply)![1];
  const raw = `${HEAD}Message-ID: <1@example.com>\r\n\r\nBody\r\n.dot\r\n`;
  assert.deepEqual(server.stored.map(text), [raw]);
  const [event] = accepted(server);
  assert.equal(event!.message, id);
  assert.equal(event!.account, "demo");
  assert.deepEqual(event!.data, {
    sender: "news@example.com",
    recipients: [{ address: "someone@example.net", kind: "to" }],
    from: "news@example.com",
    subject: "Hello",
    messageId: "1@example.com",
    size: raw.length,
    body: "0",
    references: {
      billingCode: null,
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
    tracking: { mode: "full", opens: true, clicks: true },
    listUnsubscribe: true,
    smtputf8: false,
    client: { ip: "127.0.0.1", ehlo: "client.example", tls: null, login: "demo" },
  });
});

Deno.test("a message without a Message-ID is given one", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.send(`${HEAD}\r\nBody`);
  const [event] = accepted(server);
  assert.equal(event!.data.messageId, `${event!.message}@relay.example.com`);
});

Deno.test("recipients are To, Cc or else Bcc, and each is there once", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.send(
    "From: news@example.com\r\nTo: Ann <Ann@Example.NET>, b@example.net\r\n" +
      "Cc: (copy) c@example.net,\r\n b@example.net\r\n\r\nBody",
    {
      to: [
        "ann@example.net",
        "c@EXAMPLE.net",
        "b@example.net",
        "hidden@x.example",
        "c@example.net",
      ],
    },
  );
  assert.deepEqual(accepted(server)[0]!.data.recipients, [
    { address: "ann@example.net", kind: "to" },
    { address: "c@EXAMPLE.net", kind: "cc" },
    { address: "b@example.net", kind: "to" },
    { address: "hidden@x.example", kind: "bcc" },
  ]);
});

Deno.test("the options header sets references and tracking; the account decides the rest", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const options =
    `X-EFIDEM-HEADERS: {"billingCode": "B1",\r\n "attention8": "x", "trackClicks": false}`;
  await wire.send(`${HEAD}${options}\r\n\r\nBody`);
  const { references, tracking } = accepted(server)[0]!.data;
  assert.equal(references.billingCode, "B1");
  assert.equal(references.attention8, "x");
  assert.deepEqual(tracking, { mode: "full", opens: true, clicks: false });
});

Deno.test("an account without tracking is not tracked, whatever the options say", async () => {
  await using server = await start();
  const account = server.settings.now.accounts.get("demo")!;
  const off = { ...account, tracking: { mode: "off" as const, opens: true, clicks: true } };
  server.settings.now = { ...server.settings.now, accounts: new Map([["demo", off]]) };
  using wire = await server.logIn();
  await wire.send(`${HEAD}X-EFIDEM-HEADERS: {"trackOpen": true}\r\n\r\nBody`);
  assert.deepEqual(accepted(server)[0]!.data.tracking, {
    mode: "off",
    opens: false,
    clicks: false,
  });
});

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

Deno.test("8-bit bodies travel as they are", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.ask("MAIL FROM:<news@example.com> BODY=8BITMIME", 250);
  await wire.ask("RCPT TO:<someone@example.net>", 250);
  await wire.ask("DATA", 354);
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i).filter((b) => b !== 10 && b !== 13);
  await wire.write(`${HEAD}\r\n`);
  await wire.write(bytes);
  await wire.write("\r\n.\r\n");
  await wire.expect(250);
  assert.deepEqual(server.stored[0]!.subarray(HEAD.length + 2, -2), bytes);
  await wire.ask("MAIL FROM:<news@example.com> BODY=BINARYMIME", "501 5.5.4");
});

Deno.test("addresses outside ASCII need SMTPUTF8; domains have an ASCII form", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.ask("MAIL FROM:<zoë@example.com>", "553 5.6.7");
  await wire.ask("MAIL FROM:<news@example.com>", 250);
  await wire.ask("RCPT TO:<jörg@example.net>", "553 5.6.7");
  await wire.ask("RCPT TO:<info@bücher.example>", 250);
  await wire.ask("RCPT TO:<info@xn--bcher-kva.example>", 250);
  await wire.ask("RSET", 250);
  await wire.ask("MAIL FROM:<zoë@example.com> SMTPUTF8", 250);
  await wire.ask("RCPT TO:<info@bücher.example>", 250);
  await wire.ask("RCPT TO:<jörg@xn--bcher-kva.example>", 250);
  await wire.ask("DATA", 354);
  await wire.write(
    "From: zoë@example.com\r\nTo: info@bücher.example\r\nSubject: Füße\r\n\r\nBody\r\n.\r\n",
  );
  await wire.expect(250);
  const { data } = accepted(server)[0]!;
  assert.deepEqual(data.recipients, [
    { address: "info@xn--bcher-kva.example", kind: "to" },
    { address: "jörg@xn--bcher-kva.example", kind: "bcc" },
  ]);
  assert.equal(data.sender, "zoë@example.com");
  assert.equal(data.subject, "Füße");
  assert.equal(data.smtputf8, true);
});

Deno.test("raw bytes in a header alone do not make a message SMTPUTF8", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.send("From: news@example.com\r\nSubject: Füße\r\n\r\nBody");
  assert.equal(accepted(server)[0]!.data.smtputf8, false);
  assert.equal(accepted(server)[0]!.data.subject, "Füße");
});

Deno.test("recipients are checked for their syntax", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.ask("RCPT TO:<a@b.example>", "503 5.5.1");
  await wire.ask("MAIL FROM:<news@example.com>", 250);
  for (
    const bad of [
      "a",
      "@b.example",
      "a@",
      "a b@c.example",
      "a..b@c.example",
      "a@b_c.example",
      "a@-b.example",
      "a,b@c.example",
      "postmaster",
      `${"x".repeat(65)}@b.example`,
      `a@${"x".repeat(64)}.example`,
    ]
  ) {
    const reply = await wire.ask(`RCPT TO:<${bad}>`, 5);
    assert.match(reply, /^(501|553) 5\.1\.3 /, `${bad}: ${reply}`);
  }
  await wire.ask("RCPT TO:someone@example.net", "501 5.1.3");
  await wire.ask("DATA", 503);
  for (const good of ["a+b=c@d.example", "o'x@d.example", '"a.b"@d.example', "a@[192.0.2.1]"]) {
    await wire.ask(`RCPT TO:<${good}>`, "250 2.1.5");
  }
});

Deno.test("pipelined commands are answered one by one, in order (RFC 2920)", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const one = "MAIL FROM:<news@example.com>\r\nRCPT TO:<a@b.example>\r\nRCPT TO:<bad>\r\nDATA\r\n";
  await wire.write(one);
  for (const code of [250, 250, 501, 354]) await wire.expect(code);
  await wire.write(`${HEAD}\r\nfirst\r\n.\r\n${one}`);
  for (const code of ["250 2.0.0 queued", 250, 250, 501, 354]) await wire.expect(code);
  await wire.write(`${HEAD}\r\nsecond\r\n.\r\nQUIT\r\n`);
  for (const code of ["250 2.0.0 queued", 221]) await wire.expect(code);
  assert.equal(accepted(server).length, 2);
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
