import assert from "node:assert/strict";
import { cert, start } from "./test_support.ts";

const plain = (login: string, password: string) => `AUTH PLAIN ${btoa(`\0${login}\0${password}`)}`;

Deno.test("the greeting and EHLO say who we are and what we can do", async () => {
  await using server = await start({ maxSize: 123_456 });
  using wire = await server.connect();
  assert.equal(await wire.expect(220), "220 relay.example.com ESMTP Chappe");
  const offers = (await wire.ask("EHLO client.example", 250)).split("\r\n")
    .map((line) => line.slice(4));
  assert.deepEqual(offers, [
    "relay.example.com",
    "PIPELINING",
    "8BITMIME",
    "SMTPUTF8",
    "ENHANCEDSTATUSCODES",
    "AUTH LOGIN PLAIN",
    "STARTTLS",
    "SIZE 123456",
  ]);
});

Deno.test("AUTH PLAIN and LOGIN let the right password in", async () => {
  await using server = await start();
  using first = await server.connect();
  await first.expect(220);
  await first.ask("EHLO client.example", 250);
  await first.ask(plain("demo", "demo"), "235 2.7.0");
  using second = await server.connect();
  await second.expect(220);
  await second.ask("EHLO client.example", 250);
  await second.ask("AUTH LOGIN", "334 ");
  await second.ask(btoa("demo"), "334 ");
  await second.ask(btoa("demo"), "235 2.7.0");
});

Deno.test("a wrong password, an unknown login and another identity are refused alike", async () => {
  await using server = await start();
  using wire = await server.connect();
  await wire.expect(220);
  await wire.ask("EHLO client.example", 250);
  const refused = "535 5.7.8 Authentication credentials invalid";
  assert.equal(await wire.ask(plain("demo", "wrong"), 535), refused);
  assert.equal(await wire.ask(plain("nobody", "demo"), 535), refused);
  assert.equal(await wire.ask(`AUTH PLAIN ${btoa("other\0demo\0demo")}`, 535), refused);
  await wire.ask("MAIL FROM:<news@example.com>", "530 5.7.0 Authentication required");
  await wire.ask(plain("demo", ""), 535);
  await wire.ask(plain("demo", "guess"), "421 4.7.0");
  assert.equal(await wire.reply(), null);
  const refusals = server.metrics.snapshot().find((s) => s.name.endsWith("refused_total"));
  assert.equal(refusals?.value, 5);
});

Deno.test("nothing is sent without a login", async () => {
  await using server = await start();
  using wire = await server.connect();
  await wire.expect(220);
  await wire.ask("EHLO client.example", 250);
  await wire.ask("MAIL FROM:<news@example.com>", "530 5.7.0");
  await wire.ask("RCPT TO:<someone@example.net>", 503);
  await wire.ask("DATA", 503);
});

Deno.test("a login that is revoked sends no more, also in an open session", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.send("From: news@example.com\r\n\r\nHello");
  server.settings.now = { ...server.settings.now, credentials: new Map() };
  await wire.ask("MAIL FROM:<news@example.com>", "530 5.7.0");
});

Deno.test("where TLS is required, no password and no mail goes in clear", async () => {
  await using server = await start({ listener: { tls: "starttls" } });
  using wire = await server.connect();
  await wire.expect(220);
  assert.ok(!(await wire.ask("EHLO client.example", 250)).includes("AUTH"));
  await wire.ask(plain("demo", "demo"), "538 5.7.0");
  await wire.ask("MAIL FROM:<news@example.com>", "530 5.7.0 Must issue a STARTTLS command first");
  using secure = await wire.startTls(cert);
  const offers = await secure.ask("EHLO client.example", 250);
  assert.ok(offers.includes("AUTH LOGIN PLAIN"));
  assert.ok(!offers.includes("STARTTLS"));
  await secure.ask(plain("demo", "demo"), 235);
  await secure.send("From: news@example.com\r\n\r\nHello");
  const [event] = server.appended;
  assert.ok(event?.type === "message.accepted");
  assert.match(event.data.client.tls!, /^TLSv1\.3 TLS_/);
});

Deno.test("what was said before STARTTLS is forgotten (RFC 3207 §4.2)", async () => {
  await using server = await start();
  const wire = await server.logIn();
  using secure = await wire.startTls(cert);
  await secure.ask("EHLO client.example", 250);
  await secure.ask("MAIL FROM:<news@example.com>", "530 5.7.0");
});

Deno.test("commands sent along with STARTTLS are not run inside TLS", async () => {
  await using server = await start();
  const wire = await server.connect();
  await wire.expect(220);
  await wire.ask("EHLO client.example", 250);
  using secure = await wire.startTls(cert, "STARTTLS\r\nVRFY injected");
  await secure.ask("NOOP", "250 2.0.0 OK");
  await secure.ask("QUIT", 221);
});

Deno.test("a trusted network needs no login, and may still use one", async () => {
  await using server = await start({ trusted: [{ cidr: "127.0.0.0/8", account: "demo" }] });
  using wire = await server.connect();
  await wire.expect(220);
  assert.ok((await wire.ask("EHLO client.example", 250)).includes("AUTH"));
  await wire.send("From: news@example.com\r\n\r\nHello");
  await wire.ask(plain("demo", "demo"), 235);
  await wire.send("From: news@example.com\r\n\r\nHello");
  const logins = server.appended.map((e) => e.type === "message.accepted" && e.data.client.login);
  assert.deepEqual(logins, [null, "demo"]);
});

Deno.test("a trusted network whose account does not exist must log in", async () => {
  await using server = await start({ trusted: [{ cidr: "127.0.0.1", account: "gone" }] });
  using wire = await server.connect();
  await wire.expect(220);
  await wire.ask("EHLO client.example", 250);
  await wire.ask("MAIL FROM:<news@example.com>", "530 5.7.0");
});

Deno.test("old and unknown commands are refused", async () => {
  await using server = await start();
  using wire = await server.logIn();
  for (const command of ["WIZ please", "SHELL", "XCLIENT ADDR=192.0.2.1", "BDAT 5 LAST", "TURN"]) {
    await wire.ask(command, "500 5.5.2");
  }
  await wire.ask("AUTH CRAM-MD5", 503);
  await wire.ask("NOOP", "250 2.0.0");
  await wire.ask("QUIT", "221 2.0.0");
});

Deno.test("beyond maxConnections a client is told to come back", async () => {
  await using server = await start({ maxConnections: 1 });
  using first = await server.connect();
  await first.expect(220);
  using second = await server.connect();
  await second.expect(421);
  assert.equal(await second.reply(), null);
  assert.equal(server.connections(), 1);
});
