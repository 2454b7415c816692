import assert from "node:assert/strict";
import { accepted, start, text } from "./test_support.ts";

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
    listUnsubscribe: "header",
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
    { address: "ann@example.net", kind: "to", name: "Ann" },
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
