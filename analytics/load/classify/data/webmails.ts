/**
 * Webmails and mail applications by the host a hit is referred from. Hosts are facts of snowplow's
 * referers.yml (section email), of public traffic reports, and of the providers' own sign-in pages.
 */

export interface Webmail {
  name: string;
  /** Hosts, or the domains they are in. */
  hosts: readonly string[];
  /** Hosts that name the client, but no browser it ran in: Android's packages, link checkers. */
  outside?: readonly string[];
}

export const WEBMAILS: readonly Webmail[] = [
  {
    name: "Gmail",
    hosts: ["mail.google.com", "inbox.google.com"],
    outside: ["com.google.android.gm", "com.google.android.gm.lite"],
  },
  { name: "Outlook.com", hosts: ["outlook.live.com", "mail.live.com"] },
  {
    name: "Outlook",
    hosts: ["outlook.office.com", "outlook.office365.com", "outlook.cloud.microsoft"],
    outside: ["com.microsoft.office.outlook", "safelinks.protection.outlook.com"],
  },
  {
    name: "Yahoo Mail",
    hosts: ["mail.yahoo.com", "mail.yahoo.net", "mail.yahoo.co.uk", "mail.yahoo.co.jp"],
    outside: ["com.yahoo.mobile.client.android.mail"],
  },
  { name: "AOL Mail", hosts: ["mail.aol.com"], outside: ["com.aol.mobile.aolapp"] },
  { name: "Samsung Email", hosts: [], outside: ["com.samsung.android.email.provider"] },
  { name: "Spark", hosts: [], outside: ["com.readdle.spark"] },
  {
    name: "Orange",
    hosts: [
      "messagerie.orange.fr",
      "webmail.orange.fr",
      "mail.orange.fr",
      "mail01.orange.fr",
      "mail02.orange.fr",
      "wmail.orange.fr",
      "messageriepro.orange.fr",
      "messageriepro3.orange.fr",
    ],
  },
  { name: "SFR", hosts: ["messagerie.sfr.fr", "webmail.sfr.fr", "mail.sfr.fr"] },
  {
    name: "Free",
    hosts: [
      "zimbra.free.fr",
      "webmail.free.fr",
      "imp.free.fr",
      "mail.free.fr",
      "zimbra.aliceadsl.fr",
    ],
  },
  { name: "La Poste", hosts: ["webmail.laposte.net", "web-mail.laposte.net", "www.laposte.net"] },
  { name: "Bouygues Telecom", hosts: ["webmail.bbox.fr", "messagerie.bbox.fr"] },
  {
    name: "GMX",
    hosts: ["net", "com", "de", "fr", "at", "ch", "es", "it", "co.uk"]
      .flatMap((tld) => [`gmx.${tld}`, `deref-gmx.${tld}`]),
  },
  { name: "WEB.DE", hosts: ["web.de", "deref-web.de", "deref-web-02.de"] },
  { name: "Mail.com", hosts: ["mail.com", "deref-mail.com", "deref-mail-02.com"] },
  {
    name: "Ionos",
    hosts: [
      "deref-1und1.de",
      "deref-1und1-02.de",
      ...["de", "es", "fr", "it", "ca", "mx", "com", "co.uk"]
        .flatMap((tld) => [`email.ionos.${tld}`, `mailbusiness.ionos.${tld}`]),
    ],
  },
  { name: "T-Online", hosts: ["email.t-online.de", "m-email.t-online.de"] },
  { name: "Freenet", hosts: ["webmail.freenet.de"] },
  { name: "Proton Mail", hosts: ["mail.proton.me", "mail.protonmail.com"] },
  { name: "iCloud Mail", hosts: ["icloud.com"] },
  { name: "Fastmail", hosts: ["app.fastmail.com", "www.fastmail.com"] },
  { name: "Zoho Mail", hosts: ["mail.zoho.com", "mail.zoho.eu"] },
  { name: "Infomaniak", hosts: ["mail.infomaniak.com", "ksuite.infomaniak.com"] },
  { name: "Bluewin", hosts: ["bluewin.ch"] },
  { name: "Libero", hosts: ["mail.libero.it"] },
  { name: "TIM", hosts: ["webmail.tim.it", "mobimail.tim.it"] },
  {
    name: "Yandex Mail",
    hosts: ["ru", "com", "kz", "ua", "by"].map((tld) => `mail.yandex.${tld}`),
  },
  { name: "Mail.ru", hosts: ["e.mail.ru", "touch.mail.ru"] },
  { name: "Rambler", hosts: ["mail.rambler.ru"] },
  { name: "Ukr.net", hosts: ["mail.ukr.net"] },
  { name: "Seznam", hosts: ["email.seznam.cz"] },
  { name: "QQ Mail", hosts: ["mail.qq.com", "exmail.qq.com"] },
  { name: "NetEase Mail", hosts: ["mail.163.com", "mail.126.com"] },
  { name: "Naver Mail", hosts: ["mail.naver.com"] },
  { name: "Daum Mail", hosts: ["mail.daum.net", "mail2.daum.net"] },
];

/** Software of webmails that runs under any domain, by the first label of its host. */
export const WEBMAIL_LABELS: readonly { name: string; label: RegExp }[] = [
  { name: "Zimbra", label: /^zimbra\d*$/ },
  { name: "Roundcube", label: /^(?:roundcube|rc)\d*$/ },
  { name: "SOGo", label: /^sogo\d*$/ },
  { name: "Horde", label: /^horde\d*$/ },
  { name: "Outlook", label: /^(?:owa|outlook|exchange)\d*$/ },
  // A webmail of some provider, that is all its host says.
  {
    name: "Webmail",
    label: /^(?:web-?mail|upcmail|rich-v|my-?e?mail|messagerie|e?mail|imp|poczta|posti)\w*$/,
  },
];
