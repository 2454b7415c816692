import assert from "node:assert/strict";
import { accepted, rejected, start, until } from "./test_support.ts";

const HEAD = "From: news@example.com\r\nSubject: Hello\r\n\r\n";
const LINE = `${"x".repeat(76)}\r\n`;

Deno.test("a message that says it is too large is refused before it is sent", async () => {
  await using server = await start({ maxSize: 100_000 });
  using wire = await server.logIn();
  await wire.ask("MAIL FROM:<news@example.com> SIZE=100001", "552 5.3.4");
  await wire.ask("MAIL FROM:<news@example.com> SIZE=x", "501 5.5.4");
  await wire.ask("MAIL FROM:<news@example.com> SIZE=100000", 250);
});

Deno.test("a message that proves too large is refused at its end, and not kept meanwhile", async () => {
  const maxSize = 1_000_000;
  await using server = await start({ maxSize, maxBytesHeld: maxSize });
  using wire = await server.logIn();
  await wire.ask("MAIL FROM:<news@example.com>", 250);
  await wire.ask("RCPT TO:<someone@example.net>", 250);
  await wire.ask("DATA", 354);
  await wire.write(HEAD);
  const block = LINE.repeat(1000);
  for (let sent = 0; sent < 100_000_000; sent += block.length) await wire.write(block);
  // All that may be held is free again for somebody else, while it still goes on.
  using other = await server.logIn();
  await other.send(HEAD + LINE.repeat(12_000));
  await wire.write(".\r\n");
  await wire.expect("552 5.3.4");
  assert.equal(rejected(server)[0]!.data.reason, "size");
  assert.equal(server.stored.length, 1);
  await wire.send(HEAD + LINE.repeat(12_000));
});

Deno.test("a message of exactly the maximum size is taken", async () => {
  await using server = await start({ maxSize: 50_000 });
  using wire = await server.logIn();
  await wire.send(HEAD + "x".repeat(50_000 - HEAD.length - 2));
  assert.equal(accepted(server)[0]!.data.size, 50_000);
  await wire.send(HEAD + "x".repeat(50_001 - HEAD.length - 2), { expect: "552 5.3.4" });
});

Deno.test("beyond 1,000 recipients each one more is put off, and the message goes to the others", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.ask("MAIL FROM:<news@example.com>", 250);
  const rcpt = (i: number) => `RCPT TO:<r${i}@example.net>`;
  await wire.write(Array.from({ length: 1000 }, (_, i) => `${rcpt(i)}\r\n`).join(""));
  for (let i = 0; i < 1000; i++) await wire.expect("250 2.1.5");
  await wire.ask(rcpt(1000), "452 4.5.3");
  await wire.ask(rcpt(7), "250 2.1.5");
  await wire.ask("DATA", 354);
  await wire.write(`${HEAD}Body\r\n.\r\n`);
  await wire.expect(250);
  assert.equal(accepted(server)[0]!.data.recipients.length, 1000);
});

Deno.test("when too much mail is held at once, more of it is put off until there is room", async () => {
  const stored = Promise.withResolvers<void>();
  let puts = 0;
  await using server = await start({
    maxBytesHeld: 150_000,
    put: async () => {
      if (puts++ === 0) await stored.promise;
      return "body";
    },
  });
  using first = await server.logIn();
  using second = await server.logIn();
  const large = HEAD + LINE.repeat(1200);
  const held = first.send(large);
  await until(() => puts === 1);
  await second.send(large, { expect: "452 4.3.1" });
  stored.resolve();
  await held;
  await second.send(large);
});

Deno.test("what a client that goes away had sent is forgotten", async () => {
  await using server = await start({ maxBytesHeld: 150_000 });
  for (let i = 0; i < 3; i++) {
    const wire = await server.logIn();
    await wire.ask("MAIL FROM:<news@example.com>", 250);
    await wire.ask("RCPT TO:<someone@example.net>", 250);
    await wire.ask("DATA", 354);
    await wire.write(HEAD + LINE.repeat(1200));
    wire.close();
    await until(() => server.connections() === 0);
  }
  assert.equal(server.appended.length, 0);
  using wire = await server.logIn();
  await wire.send(HEAD + LINE.repeat(1200));
});

Deno.test("a client that goes away before the 250 has its message accepted all the same", async () => {
  await using server = await start();
  const wire = await server.logIn();
  await wire.ask("MAIL FROM:<news@example.com>", 250);
  await wire.ask("RCPT TO:<someone@example.net>", 250);
  await wire.ask("DATA", 354);
  await wire.write(`${HEAD}Body\r\n.\r\n`);
  wire.close();
  await until(() => accepted(server).length === 1);
});

Deno.test("an idle session is closed, and so is one that dribbles", async () => {
  await using server = await start({ patience: { idle: 200, message: 60_000 } });
  using idle = await server.logIn();
  await idle.expect("421 4.4.2");
  await using strict = await start({ patience: { idle: 60_000, message: 300 } });
  using dribbling = await strict.logIn();
  await dribbling.ask("MAIL FROM:<news@example.com>", 250);
  await dribbling.ask("RCPT TO:<someone@example.net>", 250);
  await dribbling.ask("DATA", 354);
  const dribble = setInterval(() => dribbling.write("x").catch(() => {}), 20);
  await dribbling.expect("421 4.4.2");
  clearInterval(dribble);
  assert.equal(strict.appended.length, 0);
});
