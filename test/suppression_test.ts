/**
 * Who wants no mail gets none, and who wants not to be measured is not: on the whole platform, by the
 * links that recipients get, and after a restart too.
 */
import assert from "node:assert/strict";
import nodemailer from "nodemailer";
import type { Event, NewEvent } from "@chappe/src/events";
import { connectStation, type Station } from "@chappe/src/log";
import { removeSuppression } from "@chappe/src/recipients";
import { SILENT } from "@chappe/src/runtime";
import { links, received } from "./support/mailbox.ts";
import { eventually, type Platform, startPlatform } from "./support/platform.ts";

interface Item {
  id: string;
  status: string;
}
const BROWSER = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0" };
const HTML = '<body><p>Hello <a href="https://example.org/a">there</a></p></body>';

async function withLog<T>(platform: Platform, use: (station: Station) => Promise<T>): Promise<T> {
  const url = await Deno.readTextFile(`${platform.data}/data/nats.url`);
  const station = await connectStation({ url, now: Date.now, logger: SILENT });
  try {
    return await use(station);
  } finally {
    await station.close();
  }
}

const append = (platform: Platform, event: NewEvent) =>
  withLog(platform, (station) => station.events.append([event]));

function hits(platform: Platform): Promise<Event[]> {
  return withLog(platform, async (station) => {
    const commits = await Array.fromAsync(station.events.read({ families: ["engagement"] }));
    return commits.flatMap((commit) => commit.events);
  });
}

/** Waits until delivery knows of so many addresses on lists. */
async function suppressed(platform: Platform, count: number): Promise<void> {
  await eventually(`${count} addresses on the list`, async () => {
    const text = await (await fetch(`${platform.console}/metrics`)).text();
    return new RegExp(`^chappe_suppressed_recipients(\\{[^}]*\\})? ${count}$`, "m").test(text);
  });
}

async function itemWith(platform: Platform, subject: string, status: string): Promise<Item> {
  return await eventually(`${subject}: ${status}`, async () => {
    const response = await platform.api(`/messages?subject=${subject}`);
    const { items } = await response.json() as { items: Item[] };
    return items[0]?.status === status && items[0];
  });
}

async function post(url: string, fields: Record<string, string>): Promise<string> {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams(fields) });
  assert.equal(response.status, 200);
  return await response.text();
}

/** Opens and clicks, four times, over both of the edge's processes. */
async function openAndClick(raw: string): Promise<void> {
  for (let i = 0; i < 4; i++) {
    const headers = { ...BROWSER, connection: "close" };
    const pixel = await fetch(links(raw, "o")[0]!, { headers });
    assert.equal((await pixel.arrayBuffer()).byteLength, 43);
    const click = await fetch(links(raw, "c")[0]!, { headers, redirect: "manual" });
    assert.equal(click.headers.get("location"), "https://example.org/a");
    await click.body?.cancel();
  }
}

/** What is recorded of {@link openAndClick} by the time the edge has long written its hits. */
async function measured(platform: Platform, raw: string): Promise<number> {
  const before = (await hits(platform)).length;
  await openAndClick(raw);
  await new Promise((resolve) => setTimeout(resolve, 500));
  return (await hits(platform)).length - before;
}

Deno.test("suppressions and withdrawn consent hold, for mail to come and mail already sent", async (t) => {
  let platform = await startPlatform();
  const transport = nodemailer.createTransport({
    host: platform.submission.hostname,
    port: platform.submission.port,
    auth: { user: "demo", pass: "demo" },
    requireTLS: true,
    tls: { rejectUnauthorized: false },
  });
  const send = (to: string, subject: string) =>
    transport.sendMail({ from: "Demo <hello@example.com>", to, subject, html: HTML });
  const operator = () => ({ account: "demo", by: "operator", at: Date.now() });

  async function refusedFor(to: string, subject: string): Promise<void> {
    await send(to, subject);
    const { id } = await itemWith(platform, subject, "blacklisted");
    const detail = await (await platform.api(`/messages/${id}`)).json() as {
      recipients: { events: { type: string }[] }[];
    };
    assert.deepEqual(detail.recipients[0]!.events.map((e) => e.type), [
      "message.accepted",
      "delivery.suppressed",
    ]);
    const mails = await withLog(platform, (station) => station.mailbox.list(100));
    assert(mails.every(({ headers }) => headers["subject"] !== subject), "nothing was sent");
  }

  try {
    await t.step("who unsubscribes by the link gets no further mail", async () => {
      await send("Reader@example.net", "Reader1");
      const raw = await received(platform, "Reader@example.net");
      await post(links(raw, "u")[0]!, { "List-Unsubscribe": "One-Click" });
      await suppressed(platform, 1);
      await refusedFor("reader@EXAMPLE.net", "Reader2");
      await itemWith(platform, "Reader1", "unsubscribed");
    });

    await t.step("an address of no use is not tried again", async () => {
      await send("bounce@example.net", "Bounce1");
      await itemWith(platform, "Bounce1", "cancelled");
      await suppressed(platform, 2);
      await refusedFor("bounce@example.net", "Bounce2");
    });

    await t.step("who complains gets no further mail", async () => {
      await send("complain@example.net", "Complain1");
      await itemWith(platform, "Complain1", "complained");
      await suppressed(platform, 3);
      await refusedFor("complain@example.net", "Complain2");
    });

    await t.step("taken off the list, an address gets mail again", async () => {
      await append(platform, removeSuppression(operator(), "READER@example.net"));
      await suppressed(platform, 2);
      await send("reader@example.net", "Reader3");
      await itemWith(platform, "Reader3", "delivered");
    });

    let old = "";
    await t.step("consent withdrawn on the page: old links work and record nothing", async () => {
      await send("private@example.net", "Private1");
      old = await received(platform, "private@example.net");
      await openAndClick(old);
      await eventually("eight hits", async () => (await hits(platform)).length === 8);
      const page = await (await fetch(links(old, "u")[0]!)).text();
      assert.match(page, /value="stop-measuring"/);
      assert.match(
        await post(links(old, "u")[0]!, { confirm: "stop-measuring" }),
        /not measured any more/,
      );
      await eventually("nothing recorded", async () => await measured(platform, old) === 0);
    });

    const untracked = async (subject: string) => {
      await send("private@example.net", subject);
      await itemWith(platform, subject, "delivered");
      const raw = await eventually(subject, async () => {
        const found = await received(platform, "private@example.net");
        return found.includes(`Subject: ${subject}`) && found;
      });
      assert.deepEqual([links(raw, "o"), links(raw, "c")], [[], []]);
      assert.match(raw, /https:\/\/example\.org\/a/);
      assert.equal(links(raw, "u").length > 0, true);
    };
    await t.step(
      "new mail to them is not tracked, and they still get it",
      () => untracked("Private2"),
    );

    await t.step("stopped and started again, all of it holds", async () => {
      await platform.stop();
      platform = await startPlatform({}, platform);
      await refusedFor("bounce@example.net", "Bounce3");
      await untracked("Private3");
      assert.equal(await measured(platform, old), 0);
      await send("reader@example.net", "Reader4");
      await itemWith(platform, "Reader4", "delivered");
    });
  } finally {
    transport.close();
    await platform.remove();
  }
});
