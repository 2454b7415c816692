/**
 * The whole platform against a real receiving server, a Postfix from the distribution: it puts aside,
 * refuses, and bounces later by a notification to our return path.
 */
import assert from "node:assert/strict";
import nodemailer from "nodemailer";
import { eventually, freePort, loaded, startPlatform } from "./support/platform.ts";
import { noPostfix } from "./support/postfix.ts";
import { startReceivingPostfix } from "./support/receiving_postfix.ts";

interface Item {
  id: string;
  status: string;
  reply: { code: number; enhanced: string | null; text: string } | null;
}
interface Told {
  type: string;
  data: { mode?: string; class?: string; kind?: string; attempt?: number; provider?: string };
}

const RETURN_DOMAIN = "bounces.chappe.example";
const missing = await noPostfix();
if (missing !== null) console.log(`test/postfix_test.ts is left out: ${missing}`);

Deno.test({
  name: "a real server puts aside, refuses, and bounces later",
  ignore: missing !== null,
  async fn(t) {
    const inbound = freePort();
    await using stack = new AsyncDisposableStack();
    const postfix = await startReceivingPostfix({ returns: inbound, returnDomain: RETURN_DOMAIN });
    stack.defer(() => postfix.close());
    const platform = await startPlatform({
      CHAPPE_DELIVERY: `relay:127.0.0.1:${postfix.port}`,
      CHAPPE_INBOUND_LISTEN: `127.0.0.1:${inbound}`,
      CHAPPE_RETURN_DOMAIN: RETURN_DOMAIN,
      CHAPPE_POSTMASTER: `good@${postfix.domain}`,
      CHAPPE_RETRY_EARLY: "0.05",
      CHAPPE_SUBMISSION_TRUSTED: "shop=127.0.0.0/8",
      CHAPPE_SUBMISSION_TLS: "optional",
    });
    stack.defer(() => platform.remove());
    const { apiKey } = JSON.parse(
      await platform.chappe("account", "create", "shop", "--sender=example.com", "--json"),
    ) as { apiKey: string };
    const transport = nodemailer.createTransport({
      ...platform.submission,
      host: platform.submission.hostname,
      ignoreTLS: true,
    });

    async function api<T>(path: string): Promise<T> {
      const response = await fetch(`${platform.console}/api/v1${path}`, {
        headers: { authorization: `Bearer ${apiKey}` },
      });
      assert.equal(response.status, 200, await response.clone().text());
      return await response.json() as T;
    }
    async function send(user: string, subject: string): Promise<void> {
      const to = `${user}@${postfix.domain}`;
      await transport.sendMail({ from: "news@example.com", to, subject, text: "Hello" });
    }
    const reaches = (subject: string, status: string): Promise<Item> =>
      eventually(`"${subject}" is ${status}`, async () => {
        const { items } = await api<{ items: Item[] }>(`/messages?subject=${subject}`);
        return items.find((item) => item.status === status);
      }, 60_000).catch(async (error) => {
        throw new Error(`${error.message}\n${await postfix.log()}`);
      });
    const eventsOf = async ({ id }: Item): Promise<Told[]> => {
      const { recipients } = await api<{ recipients: { events: Told[] }[] }>(`/messages/${id}`);
      return recipients[0]!.events;
    };
    const suppressed = async () =>
      (await api<{ items: { recipient: string; reason: string; source: string }[] }>(
        "/suppressions",
      )).items.map(({ recipient, reason, source }) => `${recipient} ${reason} ${source}`).sort();

    // All at once: some of it takes its time.
    const users = ["good", "grey", "nobody", "gone", "full", "slow"];
    await eventually("the account is known", () => send("good", "first").then(() => true));
    for (const user of users) await send(user, `for-${user}`);

    await t.step("what it takes is delivered", async () => {
      const { reply } = await reaches("for-good", "delivered");
      assert.match(`${reply?.code} ${reply?.enhanced} ${reply?.text}`, /^250 2\.0\.0 .*queued/);
    });

    await t.step("greylisted: put aside, tried again early, delivered", async () => {
      const told = await eventsOf(await reaches("for-grey", "delivered"));
      const steps = told.filter(({ type }) => type.startsWith("delivery."));
      assert.deepEqual(steps.map(({ type, data }) => [type, data.attempt, data.class]), [
        ["delivery.deferred", 1, "greylisting"],
        ["delivery.delivered", 2, undefined],
      ]);
    });

    await t.step("refused: cancelled, with the server's words, and on the list", async () => {
      const item = await reaches("for-nobody", "cancelled");
      assert.deepEqual([item.reply?.code, item.reply?.enhanced], [550, "5.1.1"]);
      assert.match(item.reply!.text, /User unknown in relay recipient table/);
    });

    await t.step("taken, and bounced later: the notification makes it cancelled", async () => {
      const item = await reaches("for-gone", "cancelled");
      const [delivered, bounced] = (await eventsOf(item))
        .filter(({ type }) => type.startsWith("delivery."));
      assert.equal(delivered?.type, "delivery.delivered");
      assert.equal(bounced?.type, "delivery.bounced");
      const { mode, class: about, kind, provider } = bounced.data;
      assert.deepEqual({ mode, about, kind, provider }, {
        mode: "async",
        about: "unknown-user",
        kind: "hard",
        provider: "remote_example",
      });
    });

    await t.step("a mailbox that is full is an error of the moment", async () => {
      const [, bounced] = (await eventsOf(await reaches("for-full", "soft_bounced")))
        .filter(({ type }) => type.startsWith("delivery."));
      assert.deepEqual([bounced?.data.class, bounced?.data.kind], ["mailbox-full", "soft"]);
    });

    await t.step("a warning of a delay changes nothing; that it was given up does", async () => {
      await reaches("for-slow", "soft_bounced");
      assert.match(await postfix.log(), /sender delay notification/);
      const bounces = (await eventsOf(await reaches("for-slow", "soft_bounced")))
        .filter(({ type }) => type === "delivery.bounced");
      assert.equal(bounces.length, 1);
    });

    await t.step("addresses of no use are on the list, the others are not", async () => {
      await loaded(platform);
      assert.deepEqual(await suppressed(), [
        "gone@remote.example hard-bounce delivery.bounced",
        "nobody@remote.example hard-bounce delivery.bounced",
      ]);
    });

    await t.step("who is on the list gets nothing more", async () => {
      for (const user of ["gone", "nobody", "full"]) await send(user, `again-for-${user}`);
      await reaches("again-for-gone", "blacklisted");
      await reaches("again-for-nobody", "blacklisted");
      await reaches("again-for-full", "soft_bounced");
    });

    await t.step("mail to our postmaster is passed on, so that nothing can bounce", async () => {
      const people = nodemailer.createTransport({
        host: "127.0.0.1",
        port: inbound,
        ignoreTLS: true,
      });
      const to = `postmaster@${RETURN_DOMAIN}`;
      await people.sendMail({ from: "ann@example.net", to, subject: "Hello", text: "Hello" });
      await eventually("Postfix has it", async () => {
        const log = await postfix.log();
        return [...log.matchAll(/([0-9A-F]+): from=<>/g)]
          .some(([, id]) => log.includes(`${id}: to=<good@${postfix.domain}>`));
      });
    });

    await t.step("nothing came back from what came back", async () => {
      const log = await postfix.log();
      assert.doesNotMatch(log, /double-bounce|undeliverable postmaster/);
    });
  },
});
