/** Which device, system, browser and mail client a hit came from. */
import { hinted } from "./brands.ts";
import { APPLE_MAIL, MAIL_CLIENTS } from "./data/mail_clients.ts";
import { DESKTOPS } from "./data/names.ts";
import { type Webmail, WEBMAIL_LABELS, WEBMAILS } from "./data/webmails.ts";
import { machineOf } from "./named.ts";
import { parse, type Parsed } from "./parse.ts";
import { Recent } from "./recent.ts";

/** Texts are empty where nothing says. */
export interface Client extends Parsed {
  mailClient: string;
  /** Where the message was read: "desktop", "mobile", "tablet" or "webmail". */
  support: string;
}

const NOTHING: Client = {
  deviceType: "",
  brand: "",
  model: "",
  os: "",
  osVersion: "",
  browser: "",
  browserVersion: "",
  mailClient: "",
  support: "",
};

/** What a proxy fetches for: the agents of proxies say nothing else that is true. */
const BEHIND: Readonly<Record<string, Partial<Client>>> = {
  "apple-mpp": { brand: "Apple", mailClient: "Apple Mail" },
  "gmail-proxy": { mailClient: "Gmail", support: "webmail" },
  "gmail-prefetch": { mailClient: "Gmail", support: "webmail" },
  "yahoo-proxy": { mailClient: "Yahoo Mail", support: "webmail" },
};

/** Answers held: traffic of a day has some ten thousand agents, most hits a few hundred of them. */
const HELD = 8192;
const known = new Recent<Client>(HELD);
const READ = ["referer", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform"];

/** The answer is shared: do not change it. */
export function clientOf(userAgent: string, hints: Readonly<Record<string, string>>): Client {
  let key = userAgent;
  for (const name of READ) key += `\n${hints[name] ?? ""}`;
  return known.get(key, () => Object.freeze(read(userAgent, hints)));
}

function read(userAgent: string, hints: Readonly<Record<string, string>>): Client {
  const machine = machineOf(userAgent);
  // What a machine claims to run on says nothing about the recipient.
  if (machine !== null && machine.open !== "human") return { ...NOTHING, ...BEHIND[machine.name] };
  const client = { ...NOTHING, ...parse(userAgent) };
  refine(client, hints);
  if (client.deviceType === "" && DESKTOPS.has(client.os)) client.deviceType = "desktop";
  const webmail = webmailOf(hints["referer"] ?? "");
  nameMailClient(client, userAgent, webmail);
  client.support = webmail !== null && !webmail.isApplication
    ? "webmail"
    : supportOf(client.deviceType);
  return client;
}

/** Chromium freezes its User-Agent; its hints say what it left out. */
function refine(client: Client, hints: Readonly<Record<string, string>>): void {
  const { browser, browserVersion, os, isMobile } = hinted(hints);
  if (browser !== "" && (client.browser === "Chrome" || client.browser === "")) {
    client.browser = browser;
    client.browserVersion = browserVersion;
  }
  if (os !== "" && os !== client.os) {
    client.os = os;
    client.osVersion = "";
    client.deviceType = "";
  }
  if (isMobile === true) client.deviceType = "mobile";
  if (isMobile === false && client.os === "Android") client.deviceType = "tablet";
  // "K" stands for every model.
  if (client.model === "K") client.model = "";
}

function nameMailClient(client: Client, userAgent: string, webmail: Webmail | null): void {
  for (const { name, agent, os, deviceType } of MAIL_CLIENTS) {
    const match = agent.exec(userAgent);
    if (match === null) continue;
    client.mailClient = name;
    client.browser = name;
    client.browserVersion = match[1] ?? "";
    if (os !== undefined && (client.os === "" || deviceType !== undefined)) client.os = os;
    if (client.deviceType === "") {
      client.deviceType = deviceType ?? (DESKTOPS.has(client.os) ? "desktop" : "");
    }
    return;
  }
  if (webmail !== null) client.mailClient = webmail.name;
  else if (APPLE_MAIL.test(userAgent)) client.mailClient = "Apple Mail";
}

function webmailOf(referer: string): Webmail | null {
  const host = referer.toLowerCase();
  if (host === "") return null;
  const found = WEBMAILS.find(({ hosts }) =>
    hosts.some((known) => host === known || host.endsWith(`.${known}`))
  );
  if (found !== undefined) return found;
  const [label] = host.split(".");
  const software = WEBMAIL_LABELS.find((row) => row.label.test(label!));
  return software === undefined ? null : { name: software.name, hosts: [host] };
}

function supportOf(deviceType: string): string {
  return ["desktop", "mobile", "tablet"].includes(deviceType) ? deviceType : "";
}
