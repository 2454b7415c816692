import assert from "node:assert/strict";
import { SMTPServer } from "smtp-server";
import { makeCertificate } from "@chappe/src/runtime";
import {
  type Mail,
  openSession,
  SmtpConnectionError,
  SmtpProtocolError,
  SmtpRefusedError,
  SmtpTlsError,
  TIMEOUTS,
} from "./mod.ts";
import { DROP, plainServer, startPeer } from "./test_peer.ts";
import { at, mail, MANNER } from "./test_session.ts";

/** Answers one command in its own way. */
const on = (verb: string, answer: string) => (line: string) =>
  line.startsWith(verb) ? answer : undefined;

Deno.test("transactions, with and without pipelining", async () => {
  for (const extensions of [[], ["PIPELINING", "SIZE 1000", "8BITMIME"]]) {
    const mails: string[] = [];
    await using peer = startPeer((p) =>
      plainServer(p, { extensions, onMail: (content) => mails.push(content) })
    );
    const session = await openSession(at(peer.port), MANNER);
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await session.transmit(mail()), {
        kind: "reply",
        reply: { code: 250, enhanced: "2.0.0", text: "taken" },
        taken: true,
      });
    }
    await session.quit();
    assert.deepEqual(mails, Array(3).fill("Subject: x\r\n\r\n..dot"));
    assert.equal(peer.lines[1], `MAIL FROM:<s@a.test>${extensions.length > 0 ? " SIZE=20" : ""}`);
    assert.equal(peer.lines.at(-1), "QUIT");
    assert.equal(peer.connections(), 1);
  }
});

Deno.test("a refusal is kept in full, and the session goes on after RSET", async () => {
  for (const extensions of [[], ["PIPELINING"]]) {
    for (const verb of ["MAIL", "RCPT", "DATA", "."]) {
      let refusals = 1;
      const mails: string[] = [];
      await using peer = startPeer((p) =>
        plainServer(p, {
          extensions,
          answer: (line) =>
            line.startsWith(verb) && refusals-- > 0
              ? "550-5.1.1 no\r\n550 5.1.1 such user"
              : undefined,
          onMail: (content) => mails.push(content),
        })
      );
      const session = await openSession(at(peer.port), MANNER);
      assert.deepEqual(await session.transmit(mail()), {
        kind: "reply",
        reply: { code: 550, enhanced: "5.1.1", text: "no such user" },
        taken: false,
      });
      assert(session.usable);
      const second = await session.transmit(mail());
      assert(second.kind === "reply" && second.taken, `${verb} ${extensions}`);
      assert(peer.lines.includes("RSET"));
      assert.equal(mails.at(-1), "Subject: x\r\n\r\n..dot");
      await session.quit();
    }
  }
});

Deno.test("what may no longer begin is not begun, and the session goes on", async () => {
  for (const extensions of [[], ["PIPELINING"]]) {
    await using peer = startPeer((p) => plainServer(p, { extensions }));
    const session = await openSession(at(peer.port), MANNER);
    const begin = () => false;
    assert.deepEqual(await session.transmit(mail({ begin })), { kind: "not-begun" });
    const asked: string[] = [];
    const result = await session.transmit(mail({ begin: () => asked.push("now") > 0 }));
    assert(result.kind === "reply" && result.taken);
    assert.deepEqual([session.count, asked], [1, ["now"]]);
    await session.quit();
    assert.equal(peer.lines.filter((line) => line.startsWith("MAIL")).length, 1);
  }
});

Deno.test("a server that wants the message after refusing its recipient gets an empty one", async () => {
  const mails: string[] = [];
  await using peer = startPeer((p) =>
    plainServer(p, {
      extensions: ["PIPELINING"],
      answer: (line) =>
        line.startsWith("RCPT")
          ? "550 5.1.1 no such user"
          : line === "."
          ? "554 5.5.1 no recipients"
          : undefined,
      onMail: (content) => mails.push(content),
    })
  );
  const session = await openSession(at(peer.port), MANNER);
  const result = await session.transmit(mail());
  assert(result.kind === "reply" && result.reply.code === 550);
  assert.equal(session.contentSent, false);
  assert.deepEqual(mails, [""]);
  await session.quit();
});

Deno.test("421 ends the session", async () => {
  await using peer = startPeer((p) =>
    plainServer(p, { extensions: ["PIPELINING"], answer: on("MAIL", "421 4.3.2 going down") })
  );
  const session = await openSession(at(peer.port), MANNER);
  const result = await session.transmit(mail());
  assert(result.kind === "reply" && result.reply.code === 421);
  assert.equal(session.usable, false);
  session.destroy();
});

Deno.test("greetings and EHLO that want no mail", async () => {
  for (const greeting of ["421 4.7.0 too busy", "554 5.7.1 no"]) {
    await using peer = startPeer((p) => p.say(greeting));
    await assert.rejects(
      openSession(at(peer.port), MANNER),
      (e) => e instanceof SmtpRefusedError && e.reply.code === Number(greeting.slice(0, 3)),
    );
  }
  await using old = startPeer((p) => plainServer(p, { answer: on("EHLO", "502 what?") }));
  const session = await openSession(at(old.port), MANNER);
  assert.equal(old.lines[1], "HELO client.test");
  await session.quit();
});

Deno.test("connections that are not had, lost, silent or not SMTP", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  closed.close();
  await assert.rejects(openSession(at(closed.addr.port), MANNER), SmtpConnectionError);

  await using gone = startPeer(() => Promise.resolve());
  await assert.rejects(openSession(at(gone.port), MANNER), SmtpConnectionError);

  await using silent = startPeer(async (p) => void await p.line());
  const impatient = { ...MANNER, timeouts: { ...TIMEOUTS, greeting: 30 } };
  await assert.rejects(openSession(at(silent.port), impatient), /no answer to connection/);

  await using web = startPeer((p) => p.say("HTTP/1.1 400 Bad Request", ""));
  await assert.rejects(openSession(at(web.port), MANNER), SmtpProtocolError);
});

Deno.test("a signal cuts the connection, whatever it is doing", async () => {
  const { promise: connected, resolve } = Promise.withResolvers<void>();
  await using silent = startPeer(async (p) => {
    resolve();
    await p.line();
  });
  const abort = new AbortController();
  const opening = openSession(at(silent.port), { ...MANNER, signal: abort.signal });
  await connected;
  abort.abort();
  await assert.rejects(opening, SmtpConnectionError);
  await assert.rejects(
    openSession(at(silent.port), { ...MANNER, signal: abort.signal }),
    SmtpConnectionError,
  );
});

Deno.test("a connection lost after the message leaves its outcome unknown", async () => {
  await using peer = startPeer((p) => plainServer(p, { answer: on(".", DROP) }));
  const session = await openSession(at(peer.port), MANNER);
  await assert.rejects(session.transmit(mail()), SmtpConnectionError);
  assert(session.contentSent);
  assert.equal(session.usable, false);
});

Deno.test("a long message reaches a slow server whole", async () => {
  let length = 0;
  await using peer = startPeer((p) => plainServer(p, { onMail: (c) => length = c.length }));
  const session = await openSession(at(peer.port), MANNER);
  const line = "x".repeat(998) + "\r\n";
  const data = new TextEncoder().encode(line.repeat(3000));
  const result = await session.transmit(mail({ data }));
  assert(result.kind === "reply" && result.taken);
  assert.equal(length, data.length - 2);
  await session.quit();
});

Deno.test("extensions that a message needs", async () => {
  await using bare = startPeer((p) => plainServer(p, { extensions: ["SIZE 100"] }));
  const session = await openSession(at(bare.port), MANNER);
  const outcome = async (over: Partial<Mail>) => {
    const result = await session.transmit(mail(over));
    assert(result.kind === "unsendable");
    return result.enhanced;
  };
  assert.equal(await outcome({ smtpUtf8: true }), "5.6.7");
  assert.equal(await outcome({ recipient: "é@b.test" }), "5.6.7");
  assert.equal(await outcome({ data: new Uint8Array(101) }), "5.3.4");
  assert.equal(await outcome({ recipient: "a@b.test>\r\nRSET" }), "5.1.3");
  assert.equal(await outcome({ sender: "a\n@b.test" }), "5.1.7");
  assert.deepEqual(bare.lines, ["EHLO client.test"]);
  await session.quit();

  await using modern = startPeer((p) =>
    plainServer(p, { extensions: ["SMTPUTF8", "8BITMIME", "SIZE"] })
  );
  const other = await openSession(at(modern.port), MANNER);
  const data = new TextEncoder().encode("é\r\n");
  await other.transmit(mail({ recipient: "é@b.test", data }));
  assert.equal(modern.lines[1], "MAIL FROM:<s@a.test> SIZE=4 BODY=8BITMIME SMTPUTF8");
  await other.quit();
});

Deno.test("STARTTLS: taken when offered, whoever the certificate is for", async () => {
  const { key, cert } = await makeCertificate({
    names: ["somebody.else.test"],
    now: Date.now(),
    days: 2,
  });
  const mails: boolean[] = [];
  const server = new SMTPServer({
    key,
    cert,
    authOptional: true,
    logger: false,
    onData(stream, session, done) {
      stream.resume();
      stream.on("end", () => {
        mails.push(session.secure);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as { port: number };
  const session = await openSession(at(port), MANNER);
  assert.match(session.tls!.version, /^TLSv1\.[23]$/);
  assert.notEqual(session.tls!.cipher, "unknown");
  const result = await session.transmit(mail());
  assert(result.kind === "reply" && result.taken);
  await session.quit();
  assert.deepEqual(mails, [true]);
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

Deno.test("STARTTLS that breaks is told apart; one that is refused leaves the session in clear", async () => {
  await using broken = startPeer((p) =>
    plainServer(p, { extensions: ["STARTTLS"], answer: on("STARTTLS", "220 go\r\n220 in clear") })
  );
  await assert.rejects(
    openSession(at(broken.port), MANNER),
    (e) => e instanceof SmtpTlsError || e instanceof SmtpProtocolError,
  );
  await using garbled = startPeer(async (p) => {
    await p.say("220 test");
    await p.line();
    await p.say("250-test", "250 STARTTLS");
    await p.line();
    await p.say("220 go");
    await p.bytes();
    await p.say("this is no handshake");
  });
  await assert.rejects(openSession(at(garbled.port), MANNER), SmtpTlsError);

  await using refused = startPeer((p) =>
    plainServer(p, { extensions: ["STARTTLS"], answer: on("STARTTLS", "454 4.7.0 not now") })
  );
  const session = await openSession(at(refused.port), MANNER);
  assert.equal(session.tls, null);
  assert.equal((await session.transmit(mail())).kind, "reply");
  await session.quit();
});

Deno.test("the source address is bound", async () => {
  let from = "";
  await using peer = startPeer((p) => {
    from = p.from;
    return plainServer(p);
  });
  const session = await openSession({ ...at(peer.port), source: "127.0.0.7" }, MANNER);
  await session.quit();
  assert.equal(from, "127.0.0.7");
});
