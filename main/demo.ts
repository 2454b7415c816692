/**
 * `deno task demo`: the platform in the sandbox, with realistic traffic through the real path: mail by
 * SMTP, opens and clicks by HTTP on the links that arrived.
 */
import nodemailer from "nodemailer";
import type { Station } from "@chappe/src/log";
import { ConfigError, readConfig, SILENT } from "@chappe/src/runtime";
import { printLine, runToExit } from "./exit.ts";
import { NATS_URL_FILE } from "./places.ts";
import { openStation } from "./station.ts";
import { stopRequested } from "./stop.ts";
import { supervise } from "./supervise.ts";

const SUBJECTS = [
  "Your invoice",
  "Votre commande est partie",
  "What is new this week",
  "Bienvenue",
];
const DOMAINS = ["gmail.com", "orange.fr", "outlook.com", "free.fr", "yahoo.com", "acme.example"];
const ACTING = ["bounce", "softbounce", "defer", "full", "complain"];
const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
/** What loads the images of a message, and what opens its links. */
const READERS = [
  {
    opens:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    clicks: SAFARI,
  },
  { opens: CHROME, clicks: CHROME },
  {
    opens: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0",
    clicks: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  },
  {
    opens:
      "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    clicks: SAFARI,
  },
];

const pick = <T>(from: readonly T[]): T => from[Math.floor(Math.random() * from.length)]!;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends about four mails a second until `stopped`. */
async function send(port: number, stopped: () => boolean): Promise<void> {
  const transport = nodemailer.createTransport({
    host: "127.0.0.1",
    port,
    pool: true,
    auth: { user: "demo", pass: "demo" },
    tls: { rejectUnauthorized: false },
  });
  for (let i = 0; !stopped(); i++) {
    const local = Math.random() < 0.12 ? `${pick(ACTING)}-${i}` : `reader-${i}`;
    const link = `https://www.example.org/story/${i % 7}`;
    await transport.sendMail({
      from: "Demo <news@example.com>",
      to: `${local}@${pick(DOMAINS)}`,
      subject: pick(SUBJECTS),
      html: `<h1>Hello</h1><p>Something to <a href="${link}">read</a>, ` +
        `and <a href="https://www.example.org/shop">something to buy</a>.</p>`,
    }).catch(() => pause(1000));
    await pause(Math.random() * 500);
  }
  transport.close();
}

/** Opens about half of what arrives, and clicks in a third of that. */
async function read(station: Station, trackingUrl: string, stopped: () => boolean): Promise<void> {
  let last = 0;
  while (!stopped()) {
    const mails = (await station.mailbox.list(50)).filter((m) => m.seq > last);
    last = Math.max(last, ...mails.map((m) => m.seq));
    for (const { seq } of mails.filter(() => Math.random() < 0.5)) {
      const raw = new TextDecoder().decode((await station.mailbox.get(seq))?.raw);
      const text = raw.replaceAll("=\r\n", "").replaceAll("=3D", "=");
      const links = (kind: string) =>
        text.match(new RegExp(`${trackingUrl}/${kind}/[\\w-]+`, "g")) ?? [];
      const reader = pick(READERS);
      const hit = async (url: string | undefined, agent: string) => {
        if (url === undefined) return;
        const headers = { "user-agent": agent, "accept-language": "fr" };
        const response = await fetch(url, { headers, redirect: "manual" });
        await response.body?.cancel();
      };
      await hit(links("o")[0], reader.opens);
      if (Math.random() < 0.33) await hit(pick(links("c")), reader.clicks);
    }
    await pause(1000);
  }
}

async function demo(): Promise<void> {
  const env = Deno.env.toObject();
  const config = readConfig(env, Deno.readTextFileSync);
  if (config.delivery.kind !== "sandbox") {
    throw new ConfigError(["CHAPPE_DELIVERY: the demo runs in the sandbox only; unset it"]);
  }
  let over = false;
  const stop = stopRequested().then(() => void (over = true));
  const traffic = async () => {
    const url = config.natsUrl ?? await Deno.readTextFile(`${config.data}/${NATS_URL_FILE}`);
    const station = await openStation(config, url, SILENT);
    await Promise.all([
      send(config.submission[0]!.port, () => over),
      read(station, config.trackingUrl, () => over),
    ]);
    await station.close();
  };
  const print = (line: string) => {
    printLine(line);
    if (line.includes('"event":"platform-ready"')) traffic();
  };
  await supervise(config, env, print, stop);
}

await runToExit(demo);
