/** The end of a message, which waits for a word: before it, the server has nothing. */
import assert from "node:assert/strict";
import { openSession, SmtpConnectionError } from "./mod.ts";
import { plainServer, startPeer } from "./test_peer.ts";
import { at, mail, MANNER } from "./test_session.ts";

const SHORT = new TextEncoder().encode("Subject: x\r\n\r\n.dot\r\n");

Deno.test("the end of a message waits for a word; without it the server has no message", async () => {
  const long = new TextEncoder().encode("x".repeat(70).concat("\r\n").repeat(10_000));
  for (const data of [SHORT, new Uint8Array(), long]) {
    for (const word of ["yes", "no", "fails"]) {
      const mails: string[] = [];
      await using peer = startPeer((p) =>
        plainServer(p, { onMail: (content) => mails.push(content) })
      );
      const session = await openSession(at(peer.port), MANNER);
      const beforeEnd = async () => {
        assert.equal(session.contentSent, false);
        // All that comes before the end has arrived, and no end.
        const lines = new TextDecoder().decode(data).split("\r\n").length - 1;
        while (peer.lines.length < 4 + lines) await new Promise((go) => setTimeout(go, 1));
        assert.equal(mails.length, 0);
        if (word === "fails") throw new Error("no word");
        return word === "yes";
      };
      const sending = session.transmit(mail({ data, beforeEnd }));
      if (word === "fails") await assert.rejects(sending, /no word/);
      else assert.equal((await sending).kind, word === "yes" ? "reply" : "not-ended");
      assert.equal(session.contentSent, word === "yes");
      assert.equal(session.usable, word === "yes");
      await session.quit();
      assert.equal(mails.length, word === "yes" ? 1 : 0);
    }
  }
});

Deno.test("who has gone before the end is not asked for a word", async () => {
  await using peer = startPeer(async (p) => {
    await plainServer({ ...p, content: () => Promise.resolve(null) });
  });
  const session = await openSession(at(peer.port), MANNER);
  const data = new TextEncoder().encode("x".repeat(70).concat("\r\n").repeat(100_000));
  const beforeEnd = () => Promise.reject(new Error("asked"));
  await assert.rejects(session.transmit(mail({ data, beforeEnd })), SmtpConnectionError);
  assert.equal(session.contentSent, false);
});
