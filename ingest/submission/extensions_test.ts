/** 8BITMIME, SMTPUTF8, PIPELINING, and the syntax of paths. */
import assert from "node:assert/strict";
import { accepted, start } from "./test_support.ts";

const HEAD = "From: News <news@example.com>\r\nTo: someone@example.net\r\nSubject: Hello\r\n";

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

Deno.test("a parameter of an extension that was not offered is refused (RFC 5321 §4.1.1.11)", async () => {
  await using server = await start();
  using wire = await server.logIn();
  await wire.ask("MAIL FROM:<news@example.com> RET=HDRS", "555 5.5.4 Parameter RET ");
  await wire.ask("MAIL FROM:<news@example.com> SIZE=100 BODY=7BIT AUTH=<>", 250);
  await wire.ask("RCPT TO:<a@b.example> NOTIFY=NEVER", "555 5.5.4 Parameter NOTIFY ");
  await wire.ask("RCPT TO:<a@b.example>", 250);
});
