/** Several listeners, each with its own TLS, with their limits in common. */
import assert from "node:assert/strict";
import nodemailer from "nodemailer";
import { Wire } from "../smtp/test_wire.ts";
import { accepted, cert, start, until } from "./test_support.ts";

const MESSAGE = "From: news@example.com\r\nSubject: Hello\r\n\r\nBody";
const LOGIN = `AUTH PLAIN ${btoa("\0demo\0demo")}`;

Deno.test("implicit TLS greets inside TLS and needs no STARTTLS (RFC 8314)", async () => {
  await using server = await start({ listener: { tls: "implicit" } });
  using wire = await Wire.connectTls(server.address.port, cert);
  await wire.expect("220 relay.example.com ESMTP");
  const offers = await wire.ask("EHLO client.example", 250);
  assert.ok(offers.includes("AUTH LOGIN PLAIN") && !offers.includes("STARTTLS"));
  await wire.ask("STARTTLS", 5);
  await wire.ask(LOGIN, 235);
  await wire.send(MESSAGE);
  assert.match(accepted(server)[0]!.data.client.tls!, /^TLSv1\.3 TLS_/);
});

Deno.test("nodemailer over implicit TLS", async () => {
  await using server = await start({ listener: { tls: "implicit" } });
  const transport = nodemailer.createTransport({
    host: "localhost",
    port: server.address.port,
    secure: true,
    tls: { ca: cert },
    auth: { user: "demo", pass: "demo" },
  });
  await transport.sendMail({ from: "news@example.com", to: "to@example.net", text: "Hello" });
  transport.close();
  assert.equal(accepted(server).length, 1);
});

Deno.test("who speaks clear text where TLS comes first gets nowhere, and others are served", async () => {
  await using server = await start({
    listener: { tls: "implicit" },
    patience: { idle: 60_000, message: 60_000, stranger: 300 },
  });
  using clear = await server.connect();
  await clear.write(`EHLO client.example\r\n${LOGIN}\r\n`);
  using silent = await server.connect();
  const said = [await clear.reply(), await silent.reply()];
  assert.deepEqual(said, [null, null]);
  await until(() => server.connections() === 0);
  using wire = await Wire.connectTls(server.address.port, cert);
  await wire.expect(220);
});

Deno.test("listeners share accounts and places; only where one says so is clear text taken", async () => {
  await using server = await start({ listener: { tls: "starttls" }, maxConnections: 2 });
  const clearText = await server.listen({ hostname: "127.0.0.1", port: 0, tls: "optional" });
  using strict = await server.connect();
  await strict.expect(220);
  assert.ok(!(await strict.ask("EHLO client.example", 250)).includes("AUTH"));
  await strict.ask(LOGIN, "538 5.7.0");
  await strict.ask("MAIL FROM:<news@example.com>", "530 5.7.0 Must issue a STARTTLS");
  using open = await Wire.connect(clearText.port);
  await open.expect(220);
  await open.ask("EHLO client.example", 250);
  await open.ask(LOGIN, 235);
  await open.send(MESSAGE);
  assert.equal(server.connections(), 2);
  using third = await server.connect();
  await third.expect("421 4.7.0 Too many connections");
});

Deno.test("one client has no more places than are a client's", async () => {
  await using server = await start({ maxConnectionsPerClient: 1 });
  using first = await server.connect();
  await first.expect(220);
  using second = await server.connect();
  await second.expect("421 4.7.0");
});
