import assert from "node:assert/strict";
import { validate } from "@chappe/src/events";
import { LogUnavailableError } from "@chappe/src/log";
import { addressOf, cert, DOMAIN, fixture, start } from "./test_support.ts";

const PATH = {
  purpose: "bounce" as const,
  account: "demo",
  message: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071",
  rcpt: 2,
};
const ADDRESS = addressOf(PATH);
const TAKEN = "250 2.0.0 taken as ";
const to = (...to: string[]) => ({ from: "", to, expect: TAKEN });

Deno.test("a bounce and a complaint come home to the copy they are about", async () => {
  await using server = await start();
  using wire = await server.connect();
  await wire.send(await fixture("postfix-unknown-user"), to(ADDRESS));
  await wire.send(await fixture("complaint"), to(ADDRESS.toUpperCase()));
  const facts = server.appended.map((e) => validate({ ...e, recorded: e.at }));
  assert.deepEqual(facts.map((e) => [e.type, e.account, e.message, e.rcpt]), [
    ["delivery.bounced", "demo", PATH.message, 2],
    ["feedback.complained", "demo", PATH.message, 2],
  ]);
  const [bounced] = facts;
  assert(bounced?.type === "delivery.bounced");
  assert.deepEqual([bounced.data.mode, bounced.data.kind], ["async", "hard"]);
});

Deno.test("the same report again is one fact, also from another server", async () => {
  await using server = await start();
  await using second = await start();
  for (const one of [server, server, second]) {
    using wire = await one.connect();
    await wire.send(await fixture("complaint"), to(ADDRESS));
  }
  assert.equal(server.appended.length, 1);
  assert.equal(second.appended[0]!.id, server.appended[0]!.id);
});

Deno.test("no relay: only return paths that we gave are taken", async () => {
  await using server = await start();
  using wire = await server.connect();
  await wire.ask("MAIL FROM:<>", 250);
  const local = ADDRESS.slice(0, ADDRESS.indexOf("@"));
  const foreign = addressOf(PATH, { kid: 1, secret: new Uint8Array(32).fill(6) });
  for (
    const address of [
      "someone@elsewhere.example",
      `someone@${DOMAIN}`,
      `${local}@elsewhere.example`,
      `${local}@sub.${DOMAIN}`,
      `${local}%elsewhere.example@${DOMAIN}`,
      `${local}x@${DOMAIN}`,
      `${local.slice(0, -1)}@${DOMAIN}`,
      `x${local}@${DOMAIN}`,
      addressOf({ ...PATH, account: "stranger" }),
      `postmaster@sub.${DOMAIN}`,
      "abuse@elsewhere.example",
      foreign,
    ]
  ) {
    const reply = await wire.ask(`RCPT TO:<${address}>`, 550);
    assert.match(reply, /^550 5\.7\.1 /, address);
  }
  await wire.ask("DATA", 503);
  assert.deepEqual(server.appended, []);
});

Deno.test("a report to a forged path changes nothing, at any place of the path", async () => {
  await using server = await start();
  using wire = await server.connect();
  await wire.ask("MAIL FROM:<>", 250);
  for (let i = 0; i < ADDRESS.indexOf("@"); i++) {
    const other = ADDRESS[i] === "q" ? "r" : "q";
    await wire.ask(`RCPT TO:<${ADDRESS.slice(0, i)}${other}${ADDRESS.slice(i + 1)}>`, 550);
  }
  assert.deepEqual(server.appended, []);
});

Deno.test("a copy of another account's message is another copy", async () => {
  await using server = await start();
  using wire = await server.connect();
  const other = { ...PATH, account: "other" };
  await wire.send(await fixture("complaint"), to(addressOf(other), ADDRESS));
  assert.deepEqual(server.appended.map((e) => e.account), ["other", "demo"]);
});

Deno.test("what is no report is taken and leaves no trace", async () => {
  await using server = await start();
  using wire = await server.connect();
  for (const name of ["delayed", "not-spam", "out-of-office", "report-within-message"]) {
    await wire.send(await fixture(name), to(ADDRESS));
  }
  await wire.send("no header at all", { ...to(ADDRESS), from: "someone@remote.example" });
  assert.deepEqual(server.appended, []);
});

Deno.test("STARTTLS is offered, AUTH is not", async () => {
  await using server = await start();
  using wire = await server.connect();
  assert.doesNotMatch(await wire.ask("EHLO mx.remote.example", 250), /AUTH/);
  await wire.ask("AUTH PLAIN AGRlbW8AZGVtbw==", 500);
  using secure = await wire.startTls(cert);
  await secure.ask("EHLO mx.remote.example", 250);
  await secure.send(await fixture("complaint"), to(ADDRESS));
  assert.equal(server.appended.length, 1);
});

Deno.test("a message too large, or to too many, is refused", async () => {
  await using server = await start({ maxSize: 10_000, maxRecipients: 1 });
  using wire = await server.connect();
  await wire.ask("MAIL FROM:<> SIZE=10001", 552);
  await wire.send("A: b\r\n".repeat(3000), { ...to(ADDRESS), expect: "552 5.3.4 " });
  await wire.ask("MAIL FROM:<>", 250);
  await wire.ask(`RCPT TO:<${ADDRESS}>`, 250);
  await wire.ask(`RCPT TO:<${addressOf({ ...PATH, rcpt: 3 })}>`, 452);
  assert.deepEqual(server.appended, []);
});

Deno.test("while the log is away the sender is asked to come again, and is then heard", async () => {
  let away = true;
  const appended: unknown[] = [];
  await using server = await start({
    append: (events) => {
      if (away) return Promise.reject(new LogUnavailableError("away"));
      appended.push(...events);
      return Promise.resolve([]);
    },
  });
  using wire = await server.connect();
  const complaint = await fixture("complaint");
  await wire.send(complaint, { ...to(ADDRESS), expect: "451 4.3.0 " });
  away = false;
  await wire.send(complaint, to(ADDRESS));
  assert.equal(appended.length, 1);
});

Deno.test("a client that goes away in the middle of a report leaves no trace", async () => {
  await using server = await start();
  const wire = await server.connect();
  await wire.ask("MAIL FROM:<>", 250);
  await wire.ask(`RCPT TO:<${ADDRESS}>`, 250);
  await wire.ask("DATA", 354);
  await wire.write((await fixture("complaint")).subarray(0, 600));
  wire.close();
  using next = await server.connect();
  await next.ask("NOOP", 250);
  assert.deepEqual(server.appended, []);
});

Deno.test("a port that is taken is an error that says so", async () => {
  await using server = await start();
  await assert.rejects(
    start({ listen: { hostname: "127.0.0.1", port: server.address.port } }),
    (error: { code?: string }) => error.code === "EADDRINUSE",
  );
});
