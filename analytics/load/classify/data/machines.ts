/**
 * Machines that give themselves away by their User-Agent. The first that matches decides; proxies
 * stand before the rest, as some rows further down would take them for bots.
 */
import type { Actor } from "../actor.ts";

export interface Machine {
  /** Short name, part of the verdict's reason. */
  name: string;
  agent: RegExp;
  /** What its opens are. */
  open: Actor;
  /** What its clicks are. */
  click: Actor;
  source: string;
}

const scanner = (name: string, agent: RegExp, source: string): Machine => ({
  name,
  agent,
  open: "scanner",
  click: "scanner",
  source,
});

/** What a person's mail application loads images with; links open in a browser, not in these. */
const library = (name: string, agent: RegExp, source: string): Machine => ({
  name,
  agent,
  open: "human",
  click: "scanner",
  source,
});

/** Proxies fetch images, never links: what follows a link under their name is something else. */
export const PROXIES: readonly Machine[] = [
  {
    name: "apple-mpp",
    agent: /^Mozilla\/5\.0$/,
    open: "apple-mpp",
    click: "scanner",
    source: "Apple Mail Privacy Protection loads images ahead of the reader, through relays that " +
      "send this and nothing more (since iOS 15 and macOS 12)",
  },
  {
    name: "gmail-prefetch",
    agent: / Chrome\/42\.0\.2311\.135 Safari\/537\.36 Edge\/12\.246 Mozilla\/5\.0$/,
    open: "prefetch",
    click: "scanner",
    source: "bird.com/blog/gmail-prefetching-images: Gmail loads images before it shows the " +
      "message, and names itself so; distinct from what GoogleImageProxy fetches at display",
  },
  {
    name: "gmail-proxy",
    agent: /\bGoogleImageProxy\b/,
    open: "gmail-proxy",
    click: "scanner",
    source: "Gmail's image proxy, '… (via ggpht.com GoogleImageProxy)': fetches at display",
  },
  {
    name: "yahoo-proxy",
    agent: /\bYahooMailProxy\b/,
    open: "yahoo-proxy",
    click: "scanner",
    source: "Yahoo Mail's image proxy, help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
  },
];

export const GATEWAYS: readonly Machine[] = [
  scanner(
    "gateway",
    /\b(?:Barracuda|Mimecast|Proofpoint|Symantec|Sophos|TrendMicro|FireEye|CiscoSecureEmail)\b/i,
    "mail security gateways, where they put the maker's name into the User-Agent",
  ),
];

export const BOTS: readonly Machine[] = [
  scanner(
    "headless",
    /\b(?:HeadlessChrome|PhantomJS|Electron.+Puppeteer|Cypress|Playwright)\b/i,
    "browsers without a window name themselves unless told otherwise",
  ),
  scanner(
    "preview",
    /\b(?:BingPreview|SkypeUriPreview|facebookexternalhit|WhatsApp|Embedly|Iframely|Snap URL Preview)\b/i,
    "link previews name themselves in their makers' documentation",
  ),
  scanner(
    "bot",
    /(?:bot|crawl|spider|scan|slurp|archiver|preview|checker|monitor|validator)(?:[^a-z]|$)/i,
    "what calls itself a bot",
  ),
  scanner("url", /\+?https?:\/\//i, "machines give an address to complain to; browsers do not"),
];

export const LIBRARIES: readonly Machine[] = [
  library("android-app", /^(?:okhttp|Dalvik)\//i, "HTTP clients of Android applications"),
  library("apple-app", /\bCFNetwork\//, "HTTP client of iOS and macOS applications"),
  scanner(
    "library",
    /^(?:curl|Wget|python|aiohttp|Go-http-client|Java|Apache-HttpClient|libwww-perl|node|undici|axios|got|Ruby|PHP|GuzzleHttp|Deno|Bun|PostmanRuntime|insomnia|Faraday|reqwest|HTTPie|PowerShell)\b/i,
    "HTTP libraries: a link of a mail followed by a program was not followed by its reader",
  ),
];

export const MACHINE_AGENTS: readonly Machine[] = [
  ...PROXIES,
  ...GATEWAYS,
  ...LIBRARIES,
  ...BOTS,
];
