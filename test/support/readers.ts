/** Mail of a shop, those who read it, and what comes by beside them: proxies, scanners, prefetchers. */
import assert from "node:assert/strict";
import nodemailer from "nodemailer";
import { devices } from "playwright-core";
import PostalMime from "postal-mime";
import { launch } from "./browser.ts";
import { links, received } from "./mailbox.ts";
import type { Platform } from "./platform.ts";
import type { Line } from "./recount.ts";

/** What the shop's pages say. */
const TARGET = "The target";

const DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/** What the browser of a person at a desk sends. */
export const BROWSER = { "user-agent": DESK, "accept-language": "fr", "sec-fetch-user": "?1" };
/** The shop's pages. */
export function startSite(): { origin: string } & AsyncDisposable {
  const { addr, shutdown } = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(TARGET),
  );
  return { origin: `http://127.0.0.1:${addr.port}`, [Symbol.asyncDispose]: shutdown };
}

/** What no person sends, by what it calls itself. */
const MACHINES = {
  mpp: "Mozilla/5.0",
  preview: "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
  scanner: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) " +
    "Chrome/139.0.0.0 Safari/537.36",
};
/** A person looks at the message, and Gmail's proxy fetches the picture. */
const GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 " +
  "(via ggpht.com GoogleImageProxy)";

/** Who is a machine was said by whoever made the hit: its name, or that it only fetches ahead. */
export const isMachine = ({ data }: Line) =>
  Object.values(MACHINES).includes(data.userAgent) || data.hints["sec-purpose"] === "prefetch";

/** A hit by a program, which reads no answer. */
async function hit(url: string, headers: Record<string, string>): Promise<void> {
  const response = await fetch(url, { headers, redirect: "manual" });
  await response.body?.cancel();
  assert([200, 302].includes(response.status), `${url}: ${response.status}`);
}

/**
 * A shop's mail, with three links, and some to addresses that act; the links lead to `site`
 * ({@link startSite}). Gives how many copies there are.
 */
export async function sendWinter(platform: Platform, site: string): Promise<number> {
  const transport = nodemailer.createTransport({
    host: platform.submission.hostname,
    port: platform.submission.port,
    auth: { user: "demo", pass: "demo" },
    tls: { rejectUnauthorized: false },
  });
  const paragraphs = ["boots", "coats", "hats"].map((what) =>
    `<tr><td><h2>${what}</h2><a href="${site}/${what}">All ${what}</a></td></tr>`
  );
  const html = `<body><table>${paragraphs.join("")}</table></body>`;
  const readers = ["desk", "phone", "mpp", "gmail", "scanned", "previewed", "ahead", "silent"];
  const sent = [
    ...readers.map((name, i) => ({
      to: `Reader ${name} <${name}@${i % 2 === 0 ? "example.net" : "Orange.example"}>`,
      subject: "Winter",
      billing: i < 4 ? "B-1" : "B-2",
    })),
    ...["bounce", "softbounce", "full", "complain", "defer", "refused"].map((name) => ({
      to: `${name}@example.org`,
      subject: "Invoice",
      billing: "B-3",
    })),
  ];
  try {
    for (const { to, subject, billing } of sent) {
      await transport.sendMail({
        from: "shop@example.com",
        to,
        subject,
        html,
        headers: {
          "X-EFIDEM-HEADERS": JSON.stringify({ billingCode: billing, customerReference: to }),
        },
      });
    }
    await transport.sendMail({
      from: "shop@example.com",
      to: "to@example.net",
      cc: "cc@example.net",
      bcc: "bcc@example.net",
      subject: "Three",
      text: "For three",
    });
  } finally {
    transport.close();
  }
  return sent.length + 3;
}

/** A person at a desk, and one with a phone. */
export async function playPeople(platform: Platform): Promise<void> {
  await read(platform, "desk@", { userAgent: DESK }, "All coats");
  await read(platform, "phone@", devices["iPhone 15"]!, "All hats");
}

/** Opens the mail and follows one of its links, as a person with this device does. */
async function read(
  platform: Platform,
  recipient: string,
  device: { userAgent?: string; isMobile?: boolean },
  link: string,
): Promise<void> {
  const { html } = await PostalMime.parse(await received(platform, recipient));
  const browser = await launch();
  try {
    const page = await (await browser.newContext({ ...device, locale: "fr-FR" })).newPage();
    const pixel = page.waitForResponse((response) => response.url().includes("/o/"));
    await page.setContent(html!);
    await pixel;
    await page.click(`text=${link}`);
    await page.waitForLoadState();
    assert.equal(await page.textContent("body"), TARGET);
  } finally {
    await browser.close();
  }
}

/** All that makes hits and is no person; and a person behind some of it. */
export async function playMachines(platform: Platform): Promise<void> {
  const of = async (name: string, kind: "o" | "c") => links(await received(platform, name), kind);
  for (const pixel of await of("mpp@", "o")) await hit(pixel, { "user-agent": MACHINES.mpp });
  for (const pixel of await of("gmail@", "o")) await hit(pixel, { "user-agent": GMAIL });
  // A gateway follows all links at once; the person it guards opens the message later.
  const followed = await of("scanned@", "c");
  await Promise.all(followed.map((link) => hit(link, { "user-agent": MACHINES.scanner })));
  for (const pixel of await of("scanned@", "o")) await hit(pixel, BROWSER);
  const [first] = await of("previewed@", "c");
  await hit(first!, { "user-agent": MACHINES.preview });
  for (const pixel of await of("ahead@", "o")) {
    await hit(pixel, { ...BROWSER, "sec-purpose": "prefetch" });
  }
  const [stop] = links(await received(platform, "gmail@"), "u");
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  await (await fetch(stop!, { method: "POST", body })).body?.cancel();
}
