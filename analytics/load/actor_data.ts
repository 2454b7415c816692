/**
 * Who stands behind a hit, by User-Agent: what image proxies and link scanners call themselves.
 * Tools of people (browsers, mail clients, scripts) are not listed: whoever is not known as a
 * machine counts as a human.
 */

/** `apple-mpp` and `scanner` are machines; the other proxies fetch when a person opens the message. */
export const ACTORS = [
  "human",
  "apple-mpp",
  "gmail-proxy",
  "yahoo-proxy",
  "scanner",
  "unknown",
] as const;
export type Actor = typeof ACTORS[number];

/** Hits that no person made. */
export const MACHINES: ReadonlySet<Actor> = new Set<Actor>(["apple-mpp", "scanner"]);

/** The first that matches decides. */
export const AGENTS: readonly { actor: Actor; agent: RegExp; source: string }[] = [
  {
    actor: "apple-mpp",
    agent: /^Mozilla\/5\.0$/,
    source:
      "Apple Mail Privacy Protection loads images ahead of the reader, through proxies that " +
      "send this and nothing more (seen since iOS 15 and macOS 12)",
  },
  {
    actor: "gmail-proxy",
    agent: /\bGoogleImageProxy\b/,
    source: "Gmail's image proxy, '… (via ggpht.com GoogleImageProxy)': fetches at display",
  },
  {
    actor: "yahoo-proxy",
    agent: /\bYahooMailProxy\b/,
    source: "Yahoo Mail's image proxy, help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
  },
  {
    actor: "scanner",
    agent: /\b(?:BingPreview|SkypeUriPreview|bingbot|Googlebot)\b/,
    source: "previews and crawlers of Microsoft and Google name themselves",
  },
  {
    actor: "scanner",
    agent: /\b(?:Slackbot|Twitterbot|facebookexternalhit|LinkedInBot|Discordbot|TelegramBot)\b/,
    source: "link previews of messengers name themselves in their developers' documentation",
  },
  {
    actor: "scanner",
    agent: /\b(?:Barracuda|Mimecast|Proofpoint|Symantec|Sophos|TrendMicro|FireEye)\b/i,
    source: "mail security gateways, where they put the maker's name into the User-Agent",
  },
];
