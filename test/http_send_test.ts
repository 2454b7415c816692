/** Sending over HTTP: the whole way from a request to the mailbox, and what becomes of repeats. */
import assert from "node:assert/strict";
import PostalMime from "postal-mime";
import { copiesFor, links, received } from "./support/mailbox.ts";
import { eventually, type Platform, startPlatform } from "./support/platform.ts";

interface Sent {
  id: string;
  recipients: { index: number; recipient: string; type: string }[];
}
interface Item {
  id: string;
  recipient: string;
  recipientType: string;
  status: string;
  headers: Record<string, string | null>;
}

function post(platform: Platform, body: unknown, more: Record<string, string> = {}, query = "") {
  return fetch(`${platform.console}/api/v1/messages${query}`, {
    method: "POST",
    headers: {
      authorization: "Bearer demo-key",
      "content-type": "application/json",
      ...more,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function sent(response: Response): Promise<Sent> {
  const text = await response.text();
  assert.equal(response.status, 202, text);
  const answer = JSON.parse(text) as Sent;
  assert.equal(response.headers.get("location"), `/api/v1/messages/${answer.id}`);
  return answer;
}

async function items(platform: Platform, subject: string): Promise<Item[]> {
  const response = await platform.api(`/messages?subject=${encodeURIComponent(subject)}`);
  return (await response.json() as { items: Item[] }).items;
}

const delivered = (platform: Platform, subject: string, copies: number) =>
  eventually(`${copies} copies of ${subject}`, async () => {
    const found = await items(platform, subject);
    return found.length === copies && found.every((i) => i.status === "delivered") && found;
  });

Deno.test("mail sent over HTTP", async (t) => {
  let platform = await startPlatform({ CHAPPE_MAX_MESSAGE_BYTES: "3000000" });
  const from = { email: "hello@example.com", name: "Demo" };
  const file = crypto.getRandomValues(new Uint8Array(60_000));
  try {
    await t.step("arrives, tracked, with its attachment byte for byte", async () => {
      const { id, recipients } = await sent(
        await post(platform, {
          from,
          to: ["one@example.net"],
          cc: [{ email: "two@example.net", name: "Two" }],
          bcc: ["three@example.net"],
          subject: "Été over HTTP",
          html: '<p>Hello <a href="https://example.org/a">there</a></p>',
          attachments: [{ filename: "été.bin", content: file.toBase64() }],
          options: { billingCode: "B7", customerReference: "order 42" },
        }),
      );
      assert.deepEqual(recipients.map(({ type }) => type), ["to", "cc", "bcc"]);
      const found = await delivered(platform, "over HTTP", 3);
      assert.ok(found.every((item) => item.id === id && item.headers.billingCode === "B7"));

      const raw = await received(platform, "one@example.net");
      assert.doesNotMatch(raw, /three@example\.net|^Bcc|X-EFIDEM/im);
      assert.match(raw, /^DKIM-Signature: /m);
      assert.equal(links(raw, "o").length, 1);
      assert.equal(links(raw, "c").length, 1);
      const mail = await PostalMime.parse(raw, { attachmentEncoding: "arraybuffer" });
      assert.equal(mail.subject, "Été over HTTP");
      assert.equal(mail.attachments[0]!.filename, "été.bin");
      assert.deepEqual(new Uint8Array(mail.attachments[0]!.content as ArrayBuffer), file);

      const detail = await (await platform.api(`/messages/${id}`)).text();
      assert.match(detail, /"login":"api-key:/);
      assert.match(detail, /"ip":"127\.0\.0\.1"/);
    });

    await t.step("a finished message arrives as it was made", async () => {
      const raw = "From: hello@example.com\r\nTo: raw@example.net\r\nBcc: blind@example.net\r\n" +
        "Subject: Made elsewhere\r\nX-Mine: 1\r\n\r\nBody\r\n";
      const { recipients } = await sent(
        await post(platform, raw, { "content-type": "message/rfc822" }),
      );
      assert.deepEqual(recipients.map((r) => [r.recipient, r.type]), [
        ["raw@example.net", "to"],
        ["blind@example.net", "bcc"],
      ]);
      await delivered(platform, "Made elsewhere", 2);
      const mail = await received(platform, "raw@example.net");
      assert.match(mail, /^X-Mine: 1\r$/m);
      assert.doesNotMatch(mail, /blind@/);
    });

    const order = { from, to: ["order@example.net"], subject: "Order", text: "Thank you" };
    const key = { "idempotency-key": "order 42" };
    let first: Sent | undefined;

    await t.step("repeats with a key are one message, at once or one after the other", async () => {
      const responses = await Promise.all(
        Array.from({ length: 5 }, () => post(platform, order, key)),
      );
      const answers = await Promise.all(responses.map(sent));
      first = answers[0]!;
      for (const answer of [...answers, await sent(await post(platform, order, key))]) {
        assert.deepEqual(answer, first);
      }
      const other = await post(platform, { ...order, text: "Something else" }, key);
      assert.equal(other.status, 422);
      await other.body?.cancel();
    });

    await t.step("what may not be sent is refused in the words of SMTP, and recorded", async () => {
      const refused = await post(platform, { ...order, from: "ceo@victim.example" });
      assert.equal(refused.status, 403);
      const { smtp } = await refused.json() as { smtp: { code: number; enhanced: string } };
      assert.deepEqual([smtp.code, smtp.enhanced], [550, "5.7.1"]);
      const attachments = [{ filename: "a", content: new Uint8Array(2_500_000).toBase64() }];
      const large = await post(platform, { ...order, attachments });
      assert.equal(large.status, 413);
      await large.body?.cancel();
      const larger = await post(platform, { ...order, text: "x".repeat(4_100_000) });
      assert.equal(larger.status, 413);
      await larger.body?.cancel();
      const metrics = await (await fetch(`${platform.console}/metrics`)).text();
      assert.match(metrics, /chappe_submission_messages_total\{[^}]*reason="sender"[^}]*\} 1\b/);
    });

    await t.step(
      "after a crash a repeat still gives the same id, and nothing is sent",
      async () => {
        await platform.kill();
        platform = await startPlatform({ CHAPPE_MAX_MESSAGE_BYTES: "3000000" }, platform);
        assert.deepEqual(await sent(await post(platform, order, key)), first);
        const again = await sent(await post(platform, { ...order, subject: "After the crash" }));
        assert.notEqual(again.id, first!.id);
        await delivered(platform, "After the crash", 1);
        const orders = await delivered(platform, "Order", 1);
        assert.equal(orders[0]!.id, first!.id);
        assert.equal(await copiesFor(platform, "order@example.net"), 2, "one of each message");
      },
    );
  } finally {
    await platform.remove();
  }
});
