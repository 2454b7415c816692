/**
 * Machines that give themselves away by their User-Agent. The first that matches decides: proxies
 * and mail clients stand before the rest, as some rows further down would take them for bots.
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

/** Proxies fetch images, never links: what follows a link under their name is something else. */
const proxy = (name: string, open: Actor, agent: RegExp, source: string): Machine => ({
  name,
  agent,
  open,
  click: "scanner",
  source,
});

/** What a person's mail application loads images with; links open in a browser, not in these. */
const application = (name: string, agent: RegExp, source: string): Machine => ({
  name,
  agent,
  open: "human",
  click: "scanner",
  source,
});

export const PROXIES: readonly Machine[] = [
  proxy(
    "apple-mpp",
    "apple-mpp",
    /^Mozilla\/5\.0$/,
    "Apple Mail Privacy Protection loads images ahead of the reader, through relays that send " +
      "this and nothing more (since iOS 15 and macOS 12): wordtothewise.com/2021/09/apple-mpp",
  ),
  proxy(
    "gmail-prefetch",
    "prefetch",
    / Chrome\/42\.0\.2311\.135 Safari\/537\.36 Edge\/12\.246 Mozilla\/5\.0$/,
    "bird.com/blog/gmail-prefetching-images: Gmail loads images before it shows the message, and " +
      "names itself so; distinct from what GoogleImageProxy fetches at display",
  ),
  proxy(
    "gmail-proxy",
    "gmail-proxy",
    /\bGoogleImageProxy\b/i,
    "Gmail's image proxy, '… (via ggpht.com GoogleImageProxy)': fetches at display",
  ),
  proxy(
    "yahoo-proxy",
    "yahoo-proxy",
    /\bYahooMailProxy\b/i,
    "Yahoo Mail's image proxy, help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
  ),
  proxy(
    "outlook-proxy",
    "human",
    /\bOutlookImageProxy\b/i,
    "Outlook on the web; bot lists of several open-source mail trackers leave it out",
  ),
  proxy(
    "rambler-proxy",
    "human",
    /^RamblerMail\/[\d.]+ .*\bImageProxy\//,
    "Rambler's image proxy, listed by isbot and matomo/device-detector",
  ),
  proxy("ukr-net-proxy", "human", / mail\.ukr\.net proxy\)/, "ukr.net's, matomo/device-detector"),
];

export const GATEWAYS: readonly Machine[] = [
  scanner("barracuda", /\bBarracuda/i, "'Barracuda Sentinel (EE)': braze.com/docs, bot filtering"),
  scanner("mimecast", /\bMimecast/i, "URL Protect of Mimecast"),
  scanner("proofpoint", /\bProofpoint|\burldefense/i, "URL Defense of Proofpoint"),
  scanner("cisco", /\bIronPort|\bCiscoSecureEmail/i, "Cisco Secure Email, IronPort before"),
  scanner("sophos", /\bSophos(?:Agent|UpdateManager|Labs)?\b/i, "uap-core test_ua.yaml"),
  scanner("symantec", /\bHuaweiSymantecSpider|\bSymantec(?! Package)/i, "isbot crawlers.yml"),
  scanner("trend-micro", /\bTMUFE\b|\bTrend ?Micro/i, "URL filtering engine of Trend Micro"),
  scanner("clamav", /\bClamAV\b|SquidClamAV/i, "uap-core test_ua.yaml, isbot crawlers.yml"),
  scanner("valimail", /\bValimail\b/i, "matomo/device-detector bots.yml"),
  scanner("scmguard", /^SCMGUARD$/, "gmass.co/blog/false-opens-in-gmail"),
  scanner("cortex", /^cortex\//, "gmass.co/blog/false-opens-in-gmail"),
  scanner("google-safety", /\bGoogle-Safety\b/, "Google's abuse checks of links"),
  scanner("safelinks", /\bSafeLinks\b/i, "Safe Links of Microsoft Defender"),
  scanner(
    "office-discovery",
    /^Microsoft Office (?:Existence|Protocol) Discovery/,
    "Office looks at a link's target before it hands it to the browser",
  ),
  application(
    "office",
    /^Microsoft Office\/|\b(?:ms-office|MSOffice|Microsoft Outlook)\b/i,
    "Outlook opens links in the browser; Safe Links looks at them under this name: " +
      "live-direct-marketing.online/blog/microsoft-defender-link-click-pattern",
  ),
  scanner("exchange", /^Microsoft Exchange\/|^Office 365 Connectors/, "gmass.co, as above"),
];

export const APPLICATIONS: readonly Machine[] = [
  application("android-app", /^okhttp\/|\bDalvik\//, "HTTP clients of Android applications"),
  application(
    "apple-app",
    /\bCFNetwork\/|^[^()]+ \((?:iPhone|iPad|iPod)\b[^)]*Scale\/|\bdataaccessd\//,
    "HTTP clients of iOS and macOS applications",
  ),
];

/** Words bots call themselves by, but for makers of telephones and an application named like them. */
const BOT_NAMES =
  /(?<!\b(?:M|B|VR) )(?<![a-z])(?:bots?|robot)(?![a-z])|[a-z](?<!\bcu)bot(?![a-z\d_])/i;
const BOT_WORDS = new RegExp(
  [
    "crawl|spider|scrap(?:e|y)|slurp|\\bfetch|archive(?:r|box)|(?<!cam)scanner|\\w{4}scan/",
    "headless|phantomjs|puppeteer|playwright|selenium|cypress/|\\bsplash\\b|jsdom",
    "validator|link ?check|linktiger|checker|uptime|monitor|pingdom|statuscake|site24x7|catchpoint",
    "gomezagent|ips-agent|synthetic|observatory|dareboost|dejaclick|ptst[ /]|inspector|siteimprove",
    "lighthouse|page ?speed|preview|favicon|analyzer|classifier|securityheaders|assetnote",
    "google (?:search console|favicon)|google-[a-z]+|dmbrowser|newsai|feedfetch",
  ].join("|"),
  "i",
);

export const BOTS: readonly Machine[] = [
  scanner("bot", BOT_NAMES, "what calls itself a bot"),
  scanner(
    "bot-word",
    BOT_WORDS,
    "crawlers, link previews, monitors, browsers without a window: half of isbot, " +
      "monperrus/crawler-user-agents, browscap and matomo/device-detector",
  ),
  scanner(
    "address",
    /https?:\/\/|\bwww\.|@[\w-]+\.[a-z]|(?<!\.)\b[\w-]+\.(?:com|org|io|ai)\b(?!\.)|\bfeeder\.co\b/,
    "machines give an address to complain to; browsers do not",
  ),
  scanner(
    "compatible",
    /\bcompatible;? (?!MSIE (?!or)|U;|iCab|Dillo|Linux|Mozilla|Konqueror|ms-office|MSOffice|Lotus|IBrowse|OmniWeb|NetPositive|Opera|NetFront|Windows)/,
    "'compatible; name' is how crawlers name themselves since the nineties",
  ),
];

/** What a browser or a telephone says of itself. */
export const A_BROWSER =
  /\b(?:AppleWebKit|Gecko|Firefox|Chrome|Edge|Edg|Safari|MSIE|Trident|Presto|KHTML|Opera|NetFront|Goanna|Navigator|IBrowse|iPhone|iPad|MIDP|UP\.Browser|UP\.Link|Obigo|Openwave|UCWEB|UCBrowser|BlackBerry|Symbian|Lynx|Links|w3m|NetSurf|Dillo|iCab|OmniWeb|AmigaVoyager|Maui|Teleca|Dolfin|MAUI|WAP|J2ME|MMP|SymbOS|Nokia\w+|SAMSUNG-\w+)\b|^Mozilla\/[1-4]\.\d+ (?:\[|\()/;

/** A browser's beginning and no more: some applications load images so, no browser follows links so. */
export const CUT_SHORT = application(
  "cut-short",
  A_BROWSER,
  "what no browser leaves out is missing",
);

/** Neither a browser nor a known mail client: programs and their HTTP libraries. */
export const NO_BROWSER = scanner(
  "no-browser",
  A_BROWSER,
  "curl, Python, Go and the like: a program that follows a mail's link is not its reader",
);
