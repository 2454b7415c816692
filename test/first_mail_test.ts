/**
 * What a new user does on the first day: start, send mail of every kind, see it arrive, open, click,
 * read status and numbers, stop, start again, rebuild.
 */
import assert from "node:assert/strict";
import nodemailer from "nodemailer";
import { links, received } from "./support/mailbox.ts";
import { eventually, loaded, type Platform, startPlatform } from "./support/platform.ts";

interface Item {
  id: string;
  recipient: string;
  recipientType: string;
  status: string;
  opened: boolean;
  clicked: boolean;
  reply: { code: number; enhanced: string; text: string } | null;
}
interface Figures {
  sent: number;
  delivered: number;
  opened: number;
  clicked: number;
  cancelled: number;
  complained: number;
  unsubscribed: number;
  rates: Record<string, number>;
}

async function messages(platform: Platform, query = ""): Promise<Item[]> {
  const response = await platform.api(`/messages?limit=100${query}`);
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json() as { items: Item[] }).items;
}

async function totals(platform: Platform): Promise<Figures> {
  return (await (await platform.api("/stats")).json() as { total: Figures }).total;
}

Deno.test("the first day with Chappe", async (t) => {
  let platform = await startPlatform();
  const transport = nodemailer.createTransport({
    host: platform.submission.hostname,
    port: platform.submission.port,
    auth: { user: "demo", pass: "demo" },
    requireTLS: true,
    tls: { rejectUnauthorized: false },
  });
  const send = (mail: Parameters<typeof transport.sendMail>[0]) =>
    transport.sendMail({ from: "Demo <hello@example.com>", ...mail });
  try {
    await t.step("text, HTML and HTML with an attachment are accepted by name", async () => {
      const text = await send({ to: "text@example.net", subject: "Plain", text: "Hello" });
      assert.match(text.response, /^250 2\.0\.0 queued as [0-9a-f-]{36}$/);
      await send({
        to: "html@example.net",
        subject: "Été 🌞",
        html: '<body><p>Hello <a href="https://example.org/a?b=1&amp;c=2">there</a></p></body>',
      });
      await send({
        to: "attachment@example.net",
        subject: "With a file",
        html: '<p><a href="https://example.org/file">file</a></p>',
        attachments: [{ filename: "data.bin", content: Buffer.from([0, 1, 2, 255]) }],
      });
    });

    await t.step("To, Cc and Bcc are told apart, and Bcc does not show", async () => {
      await send({
        to: "one@example.net",
        cc: "two@example.net",
        bcc: "three@example.net",
        subject: "Three",
        text: "For three",
      });
      const items = await eventually("three deliveries", async () => {
        const found = await messages(platform, "&subject=Three");
        return found.length === 3 && found.every((i) => i.status === "delivered") && found;
      });
      const kinds = Object.fromEntries(items.map((i) => [i.recipient, i.recipientType]));
      assert.deepEqual(kinds, {
        "one@example.net": "to",
        "two@example.net": "cc",
        "three@example.net": "bcc",
      });
      assert.doesNotMatch(await received(platform, "three@example.net"), /three@|^Bcc/im);
    });

    await t.step("the attachment arrives byte for byte, with a signature", async () => {
      const raw = await received(platform, "attachment@example.net");
      assert.match(raw, /AAEC\/w==/);
      assert.match(raw, /^DKIM-Signature: v=1; a=rsa-sha256;/m);
    });

    await t.step("an open and a click are seen, with their status and numbers", async () => {
      const raw = await received(platform, "html@example.net");
      const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0" };
      const pixel = await fetch(links(raw, "o")[0]!, { headers: browser });
      assert.equal(pixel.headers.get("content-type"), "image/gif");
      await pixel.body?.cancel();
      await eventually(
        "opened",
        async () =>
          (await messages(platform, "&recipient=html@example.net"))[0]?.status === "opened",
      );
      const click = await fetch(links(raw, "c")[0]!, { headers: browser, redirect: "manual" });
      assert.equal(click.status, 302);
      assert.equal(click.headers.get("location"), "https://example.org/a?b=1&c=2");
      await eventually(
        "clicked",
        async () =>
          (await messages(platform, "&recipient=html@example.net"))[0]?.status === "clicked",
      );
      await loaded(platform);
      const { opened, clicked } = await totals(platform);
      assert.deepEqual({ opened, clicked }, { opened: 1, clicked: 1 });
    });

    await t.step("a tampered link leads nowhere", async () => {
      const link = links(await received(platform, "html@example.net"), "c")[0]!;
      const last = link.at(-2) === "A" ? "B" : "A";
      const response = await fetch(link.slice(0, -2) + last + link.at(-1), { redirect: "manual" });
      assert.equal(response.status, 404);
      assert.equal(response.headers.get("location"), null);
      await response.body?.cancel();
    });

    await t.step("unsubscribing takes a POST; a look at the page changes nothing", async () => {
      const link = links(await received(platform, "attachment@example.net"), "u")[0]!;
      const page = await fetch(link);
      assert.match(await page.text(), /<form/);
      assert.equal((await totals(platform)).unsubscribed, 0);
      const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
      const done = await fetch(link, { method: "POST", body });
      assert.equal(done.status, 200);
      await done.body?.cancel();
      await eventually("unsubscribed", async () => (await totals(platform)).unsubscribed === 1);
    });

    await t.step("refusals keep the other server's words; a complaint comes home", async () => {
      await send({ to: "bounce@example.net", subject: "Refused", text: "x" });
      await send({ to: "complain@example.net", subject: "Disliked", text: "x" });
      await send({ to: "defer@example.net", subject: "Later", text: "x" });
      const [refused] = await eventually("the bounce", async () => {
        const found = await messages(platform, "&subject=Refused");
        return found[0]?.status === "cancelled" && found;
      });
      assert.equal(refused!.reply?.code, 550);
      assert.equal(refused!.reply?.enhanced, "5.1.1");
      await eventually("the complaint", async () => (await totals(platform)).complained === 1);
      await eventually(
        "the deferred one",
        async () => (await messages(platform, "&subject=Later"))[0]?.status === "delivered",
      );
    });

    await loaded(platform);
    const before = await totals(platform);
    const timeline = async () => {
      const [item] = await messages(platform, "&recipient=html@example.net");
      const response = await platform.api(`/messages/${item!.id}`);
      return await response.json() as { recipients: { events: { type: string }[] }[] };
    };
    await t.step("a message tells its story in order", async () => {
      assert.deepEqual((await timeline()).recipients[0]!.events.map((e) => e.type), [
        "message.accepted",
        "delivery.delivered",
        "engagement.opened",
        "engagement.clicked",
      ]);
    });

    await t.step("stopped and started again, everything is still there", async () => {
      const { code } = await platform.stop();
      assert.equal(code, 0, platform.output);
      platform = await startPlatform({}, platform);
      assert.deepEqual(await totals(platform), before);
      assert.equal((await timeline()).recipients[0]!.events.length, 4);
    });

    await t.step("rebuilt from the log while it runs, the numbers are the same", async () => {
      const { code, stdout, stderr } = await runRebuild(platform);
      const told = new TextDecoder().decode(stdout);
      assert.equal(code, 0, new TextDecoder().decode(stderr) + told);
      assert.match(told, /every figure of \d+ accounts is the same as before/);
      assert.deepEqual(await totals(platform), before);
    });

    await t.step("rebuilt while it is stopped, too", async () => {
      await platform.stop();
      const { code, stdout, stderr } = await runRebuild(platform);
      assert.equal(code, 0, new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout));
      platform = await startPlatform({}, platform);
      assert.deepEqual(await totals(platform), before);
    });
  } finally {
    transport.close();
    await platform.remove();
  }
});

function runRebuild({ data }: { data: string }): Promise<Deno.CommandOutput> {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", new URL("../main/rebuild.ts", import.meta.url).pathname],
    env: { CHAPPE_DATA: `${data}/data` },
  }).output();
}
