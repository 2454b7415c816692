/**
 * Mail clients that name themselves in their User-Agent, first match first. The first group of the
 * pattern, where there is one, is the version. Names as in browscap, uap-core and device-detector,
 * which list these agents in their tests.
 */

export interface MailClient {
  name: string;
  agent: RegExp;
  /** The only system it runs on; holds where its agent does not say. */
  os?: string;
  /** The only kind of device it runs on. */
  deviceType?: string;
}

const desktop = (name: string, agent: RegExp, os?: string): MailClient => ({
  name,
  agent,
  os,
  deviceType: "desktop",
});
const mobile = (name: string, agent: RegExp, os?: string): MailClient => ({
  name,
  agent,
  os,
  deviceType: "mobile",
});

export const MAIL_CLIENTS: readonly MailClient[] = [
  mobile("Outlook", /^Outlook-iOS\/(?:[\w.]+ \(([\d.]+)\)$)?/, "iOS"),
  mobile("Outlook", /\bOutlook-iOS-Android\/([\d.]+)/),
  mobile("Outlook", /^Outlook-Android\/([\d.]+)/, "Android"),
  desktop("Outlook", /\b(?:MacOutlook|Outlook)\/([\d.]+)[^)]*\b(?:Mac OS|Darwin)/, "macOS"),
  // Windows Live Mail goes by the name of what it came after.
  desktop("Windows Live Mail", /\bOutlook-Express\/(7[\d.]*)/, "Windows"),
  desktop("Windows Live Mail", /\bWindows[- ]?Live[- ]?Mail(?:\/([\d.]+))?/, "Windows"),
  desktop("Outlook Express", /\bOutlook[- ]Express(?:\/([\d.]+))?/, "Windows"),
  desktop("Outlook", /\bMicrosoft (?:Office )?Outlook(?: \d{4})?(?: \(?([\d.]+))?/, "Windows"),
  desktop("Outlook", /\b(?:MSOffice|ms-office)\b(?: (\d+))?/i, "Windows"),
  desktop("Windows Mail", /\bWindows ?Mail\/([\d.]+)/, "Windows"),
  {
    name: "Thunderbird",
    agent: /\b(?:Thunderbird|Icedove|Shredder|Betterbird)(?:\/([\d.]*))?/,
    deviceType: "desktop",
  },
  desktop("FossaMail", /\bFossaMail\/([\d.]+)/),
  desktop("Framabird", /\bFramabird\/([\d.]+)/),
  desktop("Spicebird", /\bSpicebird\/([\d.]+)/),
  desktop("Postbox", /\bPostbox(?:[/ ]([\d.]+))?/),
  desktop("Eudora", /\bEudora(?:\/([\d.]+))?/),
  desktop("Lotus Notes", /\b(?:Lotus|HCL)-Notes(?:\/([\d.]+))?/, "Windows"),
  desktop("eM Client", /\beM ?Client\/([\d.]+)/, "Windows"),
  desktop("The Bat!", /\bThe Bat!(?: Voyager)?(?:[/ ]([\d.]+))?/, "Windows"),
  desktop("Barca", /\bBarca(?:Pro)?[/ ]([\d.]+)/, "Windows"),
  desktop("PocoMail", /\bPoco ?mail\/([\d.]+)/i, "Windows"),
  desktop("Mailbird", /\bMailbird\/([\d.]*\d)/, "Windows"),
  desktop("Foxmail", /\bFoxmail\/([\d.]+)/, "Windows"),
  desktop("Mailspring", /\bMailspring\/([\d.]+)/),
  desktop("BlueMail", /\bBlueMail\/([\d.]+).*\bElectron\b/),
  { name: "BlueMail", agent: /\bBlueMail\/([\d.]+)/ },
  desktop("Airmail", /\bAirmail(?:[/ ]([\d.]+))?/, "macOS"),
  desktop("Sparrow", /\bSparrow\/([\d.]+)/, "macOS"),
  desktop("MailBar", /\bMailBar(?:[/ ]([\d.]+))?/, "macOS"),
  desktop("Spark", /^SparkDesktop\/([\d.]+)/),
  { name: "Spark", agent: /^Spark\/([\d.]+)|\bReaddle\b/ },
  { name: "Superhuman", agent: /\bSuperhuman(?:\/([\d.]+))?/ },
  { name: "Proton Mail", agent: /\bProton ?Mail(?:Bridge)?(?:\/([\d.]+))?/ },
  mobile("Samsung Email", /^Samsung-?Email(?:\/([\d.]+))?/i, "Android"),
  mobile("Gmail", /^Android-Gmail\/([\d.]+)/, "Android"),
  mobile("Gmail", /\bGmail\/([\d.]+) .*\biPhone\b/, "iOS"),
  desktop("Yahoo Mail", /\bYahoo%20Mail\/([\d.]+) .*\bDarwin\b/, "macOS"),
  mobile(
    "Yahoo Mail",
    /\bYahooMobile(?:Mail|Messenger)?\/[\d.]+ \((?:Android )?mail; ([\d.]+)/i,
    "Android",
  ),
  mobile("Yahoo Mail", /\bjp\.co\.yahoo\.ymail\/([\d.]+)/),
  mobile("NAVER Mail", /\bNaverMailApp\/([\d.]+)/),
  { name: "Mail Master", agent: /\bMailMaster(?:PC|_Android_Mobile)?\/([\d.]+)/ },
  mobile("Mail.ru", /\bmobmail (?:android|ios) ([\d.]+)/i),
  desktop("Evolution", /\bEvolution\/([\d.]+)/, "Linux"),
  desktop("Claws Mail", /\bClaws Mail(?: ([\d.]+))?/i, "Linux"),
  desktop("KMail", /\b(?:KMail2?|Kontact)\b(?:\/([\d.]+))?/i, "Linux"),
  desktop("Zimbra", /\bzdesktop\/([\d.]+)|\bZimbra ?Desktop/i),
  mobile("Apple Mail", /^MobileMail\/([\d.]+)/, "iOS"),
  desktop("Apple Mail", /^Mail\/([\d.]+)/, "macOS"),
];

/** WebKit of Apple without a browser's name: the view that Apple Mail shows a message in. */
export const APPLE_MAIL =
  /^Mozilla\/5\.0 \((?:Macintosh|iPhone|iPad|iPod)[^)]*\) AppleWebKit\/[\d.+]+ \(KHTML, like Gecko\)(?: Mobile\/\w+)?$/;
