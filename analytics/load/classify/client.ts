/** Which device, system, browser and mail client a hit came from. */
import { hinted } from "./brands.ts";
import { APPLE_MAIL, MAIL_CLIENTS } from "./data/mail_clients.ts";
import { DESKTOPS } from "./data/names.ts";
import { WEBMAIL_LABELS, WEBMAILS } from "./data/webmails.ts";
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
  "outlook-proxy": { mailClient: "Outlook.com", support: "webmail" },
  "rambler-proxy": { mailClient: "Rambler", support: "webmail" },
  "ukr-net-proxy": { mailClient: "Ukr.net", support: "webmail" },
};

/** Agents with their hints are few: most hits of a day come from some hundreds of them. */
const known = new Recent<Client>(4096);
/** Hints that are read. */
const HINTS = ["referer", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform"];

/** The answer is shared: do not change it. */
export function clientOf(userAgent: string, hints: Readonly<Record<string, string>>): Client {
  let key = userAgent;
  for (const name of HINTS) key += `\n${hints[name] ?? ""}`;
  return known.get(key, () => Object.freeze(read(userAgent, hints)));
}

function read(userAgent: string, hints: Readonly<Record<string, string>>): Client {
  const machine = machineOf(userAgent);
  // What a machine claims to run on says nothing about the recipient.
  const behind = machine === null ? undefined : BEHIND[machine.name];
  if (behind !== undefined) return { ...NOTHING, ...behind };
  if (machine !== null && machine.open !== "human") return NOTHING;
  const client = { ...NOTHING, ...parse(userAgent) };
  refine(client, hints);
  const webmail = webmailOf(hints["referer"] ?? "");
  nameMailClient(client, userAgent, webmail);
  client.support = webmail?.isInBrowser ? "webmail" : supportOf(client.deviceType);
  return client;
}

/** Of these an agent that is not frozen names the model. */
const PHONES: ReadonlySet<string> = new Set(["Android", "iOS"]);

/** Chromium freezes its User-Agent; its hints say what it left out. */
function refine(client: Client, hints: Readonly<Record<string, string>>): void {
  const { browser, browserVersion, os, isMobile } = hinted(hints);
  if (browser !== "" && (client.browser === "Chrome" || client.browser === "")) {
    client.browser = browser;
    client.browserVersion = browserVersion;
  }
  if (os !== "" && os !== client.os) {
    // Hints of another device than the one that the agent names by its model.
    if (PHONES.has(client.os) && client.model !== "") return;
    client.os = os;
    client.osVersion = "";
    client.deviceType = DESKTOPS.has(os) ? "desktop" : "";
  }
  if (isMobile === true) client.deviceType = "mobile";
  if (isMobile === false && client.os === "Android") client.deviceType = "tablet";
}

function nameMailClient(client: Client, userAgent: string, webmail: Referrer | null): void {
  for (const { name, agent, os, deviceType } of MAIL_CLIENTS) {
    const match = agent.exec(userAgent);
    if (match === null) continue;
    client.mailClient = name;
    client.browser = name;
    client.browserVersion = match[1] ?? "";
    if (client.os === "") client.os = os ?? "";
    if (client.deviceType === "") client.deviceType = deviceType ?? "";
    return;
  }
  if (webmail !== null) client.mailClient = webmail.name;
  else if (APPLE_MAIL.test(userAgent)) client.mailClient = "Apple Mail";
}

/** What the hit was referred from: a webmail in a browser, or what opened one. */
interface Referrer {
  name: string;
  isInBrowser: boolean;
}

function webmailOf(referer: string): Referrer | null {
  const host = referer.toLowerCase();
  if (host === "") return null;
  const isAmong = (hosts: readonly string[] = []) =>
    hosts.some((known) => host === known || host.endsWith(`.${known}`));
  for (const { name, hosts, outside } of WEBMAILS) {
    if (isAmong(outside)) return { name, isInBrowser: false };
    if (isAmong(hosts)) return { name, isInBrowser: true };
  }
  const [label] = host.split(".");
  const software = WEBMAIL_LABELS.find((row) => row.label.test(label!));
  return software === undefined ? null : { name: software.name, isInBrowser: true };
}

function supportOf(deviceType: string): string {
  return ["desktop", "mobile", "tablet"].includes(deviceType) ? deviceType : "";
}
