/** The clients that senders use. */
import assert from "node:assert/strict";
import nodemailer from "nodemailer";
import { accepted, cert, start, text } from "./test_support.ts";

Deno.test("nodemailer, pooled, over STARTTLS, with an attachment", async () => {
  await using server = await start({ listener: { tls: "starttls" } });
  const transport = nodemailer.createTransport({
    host: "localhost",
    port: server.address.port,
    requireTLS: true,
    tls: { ca: cert },
    auth: { user: "demo", pass: "demo" },
    pool: true,
    maxConnections: 3,
  });
  const send = (i: number) =>
    transport.sendMail({
      from: "News <news@example.com>",
      to: "to@example.net",
      cc: "cc@example.net",
      bcc: "bcc@example.net",
      subject: `Façade ${i}`,
      text: ".\n..\n.dots",
      attachments: [{ filename: "a.bin", content: "x".repeat(300_000) }],
    });
  const sent = await Promise.all(Array.from({ length: 12 }, (_, i) => send(i)));
  transport.close();
  assert.ok(sent.every(({ response }) => response.startsWith("250 2.0.0 queued as ")));
  assert.equal(accepted(server).length, 12);
  const { recipients, subject, body } = accepted(server)[0]!.data;
  assert.deepEqual(recipients.map(({ kind }) => kind), ["to", "cc", "bcc"]);
  assert.match(subject, /^Façade \d+$/);
  assert.match(text(server.stored[Number(body)]), /\r\n\.\r\n\.\.\r\n\.dots\r\n/);
});

Deno.test("nodemailer with an address outside ASCII uses SMTPUTF8", async () => {
  await using server = await start({ trusted: [{ cidr: "127.0.0.0/8", account: "demo" }] });
  const transport = nodemailer.createTransport({
    host: "127.0.0.1",
    port: server.address.port,
    ignoreTLS: true,
  });
  await transport.sendMail({ from: "news@example.com", to: "jörg@example.net", text: "Hello" });
  transport.close();
  const { recipients, smtputf8 } = accepted(server)[0]!.data;
  assert.deepEqual(recipients, [{ address: "jörg@example.net", kind: "to" }]);
  assert.equal(smtputf8, true);
});
