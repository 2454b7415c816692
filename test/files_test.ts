/** Attachments behind tracked links: from a real mail to the file that its reader saves. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import nodemailer from "nodemailer";
import PostalMime from "postal-mime";
import type { Event } from "@chappe/src/events";
import { connectStation } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { links, received, withStation } from "./support/mailbox.ts";
import { eventually, loaded, type Platform, startPlatform } from "./support/platform.ts";
import { suspend } from "./support/suspend.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const PDF = Buffer.concat([Buffer.from("%PDF-1.7\n"), randomBytes(2_500_000)]);
const NOTES = Buffer.from("Été à Noël: 12 €\n");
const LOGO = Buffer.from("iVBORw0KGgo=", "base64");
const FILES = [
  { filename: "Tarifs 2027.pdf", content: PDF },
  { filename: "résumé été.txt", content: NOTES, contentType: "text/plain" },
];
const LINKED = { "X-EFIDEM-HEADERS": JSON.stringify({ attachments: "link" }) };

const BROWSER = {
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  "accept-language": "fr-FR",
};

interface Detail {
  files: { name: string; type: string; size: number; downloads: number }[];
  recipients: { status: string; events: { type: string }[] }[];
}

interface Heat {
  links: { position: number; url: string; clicks: number }[];
}

/** What the log holds of clicks on a message, in order. */
function clicks(platform: Platform, message: string): Promise<Event<"engagement.clicked">[]> {
  return withStation(platform, async ({ events }) => {
    const commits = await Array.fromAsync(events.read({ families: ["engagement"] }));
    return commits.flatMap((commit) => commit.events).filter((event) =>
      event.type === "engagement.clicked" && event.message === message
    ) as Event<"engagement.clicked">[];
  });
}

async function detail(platform: Platform, message: string): Promise<Detail> {
  return await (await platform.api(`/messages/${message}`)).json() as Detail;
}

/** From now on no body is kept for more than a second. */
async function expireBodies(platform: Platform): Promise<void> {
  const station = await connectStation({
    url: await Deno.readTextFile(`${platform.data}/data/nats.url`),
    now: Date.now,
    logger: SILENT,
    bodiesDays: 1 / 86_400,
  });
  try {
    await eventually("no body left", async () => (await station.usage())["BODIES"]!.messages === 0);
  } finally {
    await station.close();
  }
}

Deno.test("attachments behind links", async (t) => {
  const platform = await startPlatform();
  const transport = nodemailer.createTransport({
    host: platform.submission.hostname,
    port: platform.submission.port,
    auth: { user: "demo", pass: "demo" },
    ignoreTLS: true,
  });
  /** Sends a message and gives its id and the copy that arrived. */
  const send = async (mail: Parameters<typeof transport.sendMail>[0] & { to: string }) => {
    const sent = await transport.sendMail({ from: "hello@example.com", headers: LINKED, ...mail });
    const [, id] = /queued as ([0-9a-f-]{36})/.exec(sent.response)!;
    return { id: id!, raw: await received(platform, mail.to) };
  };
  const read = (raw: string) => PostalMime.parse(raw, { attachmentEncoding: "arraybuffer" });
  try {
    const { id, raw } = await send({
      to: "reader@example.net",
      subject: "Tarifs",
      text: "Bonjour, voici nos tarifs.",
      html: '<html lang="fr"><body><img src="cid:logo@x"><p>Bonjour, voici ' +
        '<a href="https://example.org/">nos tarifs</a>.</p></body></html>',
      attachments: [{ filename: "logo.png", content: LOGO, cid: "logo@x" }, ...FILES],
    });
    const urls = links(raw, "f");

    await t.step("the copy has no attachment, and a link to each in both parts", async () => {
      const { attachments, html = "", text = "" } = await read(raw);
      assert.deepEqual(attachments.map(({ filename }) => filename), ["logo.png"]);
      assert.deepEqual(
        new Uint8Array(attachments[0]!.content as ArrayBuffer),
        new Uint8Array(LOGO),
      );
      assert.ok(raw.length < 10_000, `${raw.length}`);
      assert.deepEqual([urls.length, new Set(urls).size], [4, 2]);
      assert.match(html, /Documents[^]*Tarifs 2027\.pdf<\/a>\s*\(2,4 Mo\)[^]*\(23 o\)[^]*<img/);
      assert.match(text, /Documents\s+- Tarifs 2027\.pdf \(2,4 Mo\)[^]*- résumé été\.txt \(23 o\)/);
      for (const url of new Set(urls)) {
        assert.ok(url.length < 250 && html.includes(url) && text.includes(url), url);
      }
    });

    await t.step("each link gives the file, byte for byte, under its name", async () => {
      for (const [i, { filename, content }] of FILES.entries()) {
        // Who follows two links within half a second is taken for a scanner (`burst-2-in-500ms`).
        if (i > 0) await new Promise((resolve) => setTimeout(resolve, 1000));
        const answer = await fetch(urls[i]!, { headers: BROWSER });
        assert.equal(answer.status, 200);
        assert.equal(Number(answer.headers.get("content-length")), content.length);
        assert.ok(
          answer.headers.get("content-disposition")!.endsWith(
            `filename*=UTF-8''${encodeURIComponent(filename)}`,
          ),
        );
        assert.equal(sha256(await answer.bytes()), sha256(content));
        await eventually("clicked", async () => {
          const { status, events } = (await detail(platform, id)).recipients[0]!;
          const seen = events.filter(({ type }) => type === "engagement.clicked");
          return seen.length === i + 1 && (i > 0 || status === "clicked");
        });
      }
      const head = await fetch(urls[0]!, { method: "HEAD" });
      assert.deepEqual(
        [head.status, head.headers.get("content-length")],
        [200, String(PDF.length)],
      );
    });

    await t.step("who fetched which is in the log, and with the message", async () => {
      assert.deepEqual(
        (await clicks(platform, id)).map(({ rcpt, data }) => [rcpt, data.link, data.url]),
        [
          [0, 1, "attachment:Tarifs%202027.pdf"],
          [0, 2, "attachment:r%C3%A9sum%C3%A9%20%C3%A9t%C3%A9.txt"],
        ],
      );
      await loaded(platform);
      assert.deepEqual((await detail(platform, id)).files, [
        { name: "Tarifs 2027.pdf", type: "application/pdf", size: PDF.length, downloads: 1 },
        { name: "résumé été.txt", type: "text/plain", size: NOTES.length, downloads: 1 },
      ]);
      const heat = await (await platform.api(`/messages/${id}/heatmap`)).json() as Heat;
      assert.deepEqual(heat.links.map(({ position, url, clicks }) => [position, url, clicks]), [
        [0, "https://example.org/", 0],
        [1, "attachment:Tarifs%202027.pdf", 1],
        [2, "attachment:r%C3%A9sum%C3%A9%20%C3%A9t%C3%A9.txt", 1],
      ]);
    });

    await t.step("a changed token gives nothing, nor does one of another kind", async () => {
      const [url] = urls as [string];
      const other = url.at(-3) === "A" ? "B" : "A";
      for (
        const wrong of [
          url.slice(0, -3) + other + url.slice(-2),
          url.slice(0, -1),
          url.replace("/f/", "/c/"),
          links(raw, "o")[0]!.replace("/o/", "/f/"),
        ]
      ) {
        const answer = await fetch(wrong, { redirect: "manual" });
        assert.equal(answer.status, 404);
        await answer.body?.cancel();
      }
    });

    await t.step("hostile files are saved, never run, and their names lead nowhere", async () => {
      const evil = "<script>alert(1)</script>";
      const boundary = "b";
      const part = (type: string, disposition: string) =>
        `--${boundary}\r\nContent-Type: ${type}\r\nContent-Disposition: ${disposition}\r\n\r\n${evil}\r\n`;
      const { raw } = await send({
        to: "hostile@example.net",
        raw: "From: hello@example.com\r\nTo: hostile@example.net\r\n" +
          `X-EFIDEM-HEADERS: ${LINKED["X-EFIDEM-HEADERS"]}\r\n` +
          `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n` +
          `--${boundary}\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>\r\n` +
          part("text/html", 'attachment; filename="../../x\\".html"') +
          part("image/svg+xml", "attachment; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20a%3Db.svg") +
          part("text/html", "attachment; filename*=UTF-8''invoice%E2%80%AEfdp.exe") +
          `--${boundary}--\r\n`,
        envelope: { from: "hello@example.com", to: "hostile@example.net" },
      });
      const { html = "" } = await read(raw);
      const shown = [...html.matchAll(/\/f\/[^"]+"\s*>([^<]+)<\/a>/g)].map(([, name]) => name);
      assert.deepEqual(shown, ["x_.html", "a Set-Cookie_ a=b.svg", "invoicefdp.exe"]);
      for (const url of new Set(links(raw, "f"))) {
        const answer = await fetch(url);
        assert.equal(await answer.text(), evil);
        assert.equal(answer.headers.get("content-type"), "application/octet-stream");
        assert.match(answer.headers.get("content-disposition")!, /^attachment; /);
        assert.equal(answer.headers.get("content-security-policy"), "default-src 'none'; sandbox");
        assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
        assert.equal(answer.headers.get("set-cookie"), null);
      }
    });

    await t.step("who wants no measuring gets the file and is not recorded", async () => {
      const mail = { text: "Hi", attachments: FILES };
      const left = await send({ ...mail, to: "left@example.net" });
      const headers = {
        "X-EFIDEM-HEADERS": JSON.stringify({ attachments: "link", privacy: "off" }),
      };
      const untracked = await send({ ...mail, to: "untracked@example.net", headers });
      const fetchNotes = async (raw: string) =>
        assert.equal(sha256(await (await fetch(links(raw, "f")[1]!)).bytes()), sha256(NOTES));
      /** Clicks come into the log in order: with one that is recorded, all before it are there. */
      const allRecorded = async () => {
        const known = (await clicks(platform, id)).length;
        await fetchNotes(raw);
        await eventually("a click", async () => (await clicks(platform, id)).length > known);
      };
      const [leave] = links(left.raw, "u") as [string];
      const body = new URLSearchParams({ confirm: "stop-measuring" });
      await (await fetch(leave, { method: "POST", body })).body?.cancel();
      await eventually("the choice is known", async () => {
        const known = (await clicks(platform, left.id)).length;
        await fetchNotes(left.raw);
        await allRecorded();
        return (await clicks(platform, left.id)).length === known;
      });
      await fetchNotes(untracked.raw);
      await allRecorded();
      assert.deepEqual(await clicks(platform, untracked.id), []);
    });

    const { id: last, raw: unread } = await send({
      to: "late@example.net",
      text: "Hi",
      attachments: FILES,
    });
    const [late] = links(unread, "f") as [string];

    await t.step(
      "with the log away the reader is told to come again, and the click waits",
      async () => {
        const nats = await platform.natsPid();
        try {
          await suspend(nats);
          const answer = await fetch(late, { headers: { "accept-language": "fr" } });
          assert.equal(answer.status, 503);
          assert.equal(answer.headers.get("retry-after"), "60");
          assert.match(await answer.text(), /dans une minute/);
        } finally {
          Deno.kill(nats, "SIGCONT");
        }
        await eventually("the click", async () => (await clicks(platform, last)).length === 1);
      },
    );

    await t.step("a file that is no longer kept is gone, and that is said", async () => {
      await expireBodies(platform);
      const answer = await fetch(late);
      assert.equal(answer.status, 410);
      assert.match(await answer.text(), /no longer available/);
    });
  } finally {
    transport.close();
    await platform.remove();
  }
});
