/**
 * Mail clients that name themselves in their User-Agent, first match first. The first group of the
 * pattern, where there is one, is the version.
 */

export interface MailClient {
  name: string;
  agent: RegExp;
  /** What the client runs on where its agent does not say. */
  os?: string;
  deviceType?: string;
}

export const MAIL_CLIENTS: readonly MailClient[] = [
  { name: "Outlook", agent: /^Outlook-iOS\/(?:.*\(([\d.]+)\)$)?/, os: "iOS", deviceType: "mobile" },
  { name: "Outlook", agent: /^Outlook-Android\/([\d.]+)/, os: "Android", deviceType: "mobile" },
  {
    name: "Outlook",
    agent: /\b(?:MacOutlook|Outlook)\/([\d.]+).*\b(?:Mac OS|Darwin)/,
    os: "macOS",
  },
  { name: "Outlook Express", agent: /\bOutlook-Express(?:\/([\d.]+))?/, os: "Windows" },
  { name: "Outlook", agent: /\bMicrosoft Outlook(?: ([\d.]+))?/, os: "Windows" },
  { name: "Outlook", agent: /\b(?:MSOffice|ms-office)\b(?: (\d+))?/i, os: "Windows" },
  { name: "Windows Mail", agent: /\b(?:WindowsMail|Windows Mail)\/([\d.]+)/, os: "Windows" },
  { name: "Windows Live Mail", agent: /\bWindows-?Live-?Mail(?:\/([\d.]+))?/, os: "Windows" },
  { name: "Thunderbird", agent: /\b(?:Thunderbird|Icedove|Shredder|Betterbird)(?:\/([\d.]+))?/ },
  { name: "Postbox", agent: /\bPostbox(?:[/ ]([\d.]+))?/ },
  { name: "SeaMonkey", agent: /\b(?:SeaMonkey|Iceape)(?:\/([\d.]+))?/ },
  { name: "Lotus Notes", agent: /\bLotus-Notes(?:\/([\d.]+))?/, os: "Windows" },
  { name: "eM Client", agent: /\beM ?Client\/([\d.]+)/, os: "Windows" },
  { name: "The Bat!", agent: /\bThe Bat!(?: Voyager)?(?:[/ ]([\d.]+))?/, os: "Windows" },
  { name: "Mailbird", agent: /\bMailbird\/([\d.]*\d)/, os: "Windows" },
  { name: "Foxmail", agent: /\bFoxmail\/([\d.]+)/, os: "Windows" },
  { name: "Mailspring", agent: /\bMailspring\/([\d.]+)/ },
  { name: "BlueMail", agent: /\bBlueMail\/([\d.]+)/ },
  { name: "Airmail", agent: /\bAirmail(?:[/ ]([\d.]+))?/, os: "macOS" },
  { name: "Spark", agent: /^(?:Spark|SparkDesktop)\/([\d.]+)|\bReaddle\b/ },
  { name: "Proton Mail", agent: /\bProtonMail(?:Bridge)?\/([\d.]+)/i },
  {
    name: "Samsung Email",
    agent: /^(?:SamsungEmail|Samsung-?Email)(?:\/([\d.]+))?/i,
    os: "Android",
  },
  { name: "Gmail", agent: /^Android-Gmail\/([\d.]+)/, os: "Android", deviceType: "mobile" },
  { name: "Yahoo Mail", agent: /\b(?:Yahoo%20Mail|YahooMobileMail|ymail)\/([\d.]+)/ },
  { name: "Yahoo Mail", agent: /\bYahooMobile\w*\/[\d.]+ \((?:Android )?mail; ([\d.]+)/i },
  { name: "Evolution", agent: /\bEvolution\/([\d.]+)/, os: "Linux" },
  { name: "Claws Mail", agent: /\bClaws Mail(?: ([\d.]+))?/, os: "Linux" },
  { name: "KMail", agent: /\bKMail\/([\d.]+)/i, os: "Linux" },
  { name: "Zimbra", agent: /\bZimbra(?:Desktop)?\/([\d.]+)/ },
  { name: "Apple Mail", agent: /^Mail\/([\d.]+)/, os: "macOS" },
];

/** WebKit of Apple without a browser's name: the view that Apple Mail shows a message in. */
export const APPLE_MAIL =
  /^Mozilla\/5\.0 \((?:Macintosh|iPhone|iPad|iPod)[^)]*\) AppleWebKit\/[\d.]+ \(KHTML, like Gecko\)(?: Mobile\/\w+)?$/;
