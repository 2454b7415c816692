/** Webmails and mail applications by the host a hit is referred from. */

export interface Webmail {
  name: string;
  /** Names a host or the domain it is in. */
  hosts: readonly string[];
  /** A mail application on a device; the host is its package name. */
  isApplication?: true;
}

export const WEBMAILS: readonly Webmail[] = [
  { name: "Gmail", hosts: ["mail.google.com"] },
  { name: "Gmail", hosts: ["com.google.android.gm"], isApplication: true },
  { name: "Samsung Email", hosts: ["com.samsung.android.email.provider"], isApplication: true },
  { name: "Outlook", hosts: ["com.microsoft.office.outlook"], isApplication: true },
  { name: "Yahoo Mail", hosts: ["com.yahoo.mobile.client.android.mail"], isApplication: true },
  {
    name: "Outlook.com",
    hosts: ["outlook.live.com", "mail.live.com", "hotmail.com"],
  },
  {
    name: "Outlook",
    hosts: ["outlook.office.com", "outlook.office365.com", "outlook.cloud.microsoft"],
  },
  { name: "Yahoo Mail", hosts: ["mail.yahoo.com", "mail.yahoo.net"] },
  { name: "AOL Mail", hosts: ["mail.aol.com"] },
  {
    name: "Orange",
    hosts: [
      "messagerie.orange.fr",
      "webmail.orange.fr",
      "mail.orange.fr",
      "mail01.orange.fr",
      "mail02.orange.fr",
    ],
  },
  {
    name: "SFR",
    hosts: [
      "messagerie.sfr.fr",
      "webmail.sfr.fr",
      "mail.sfr.fr",
      "messagerie-web.sfr.fr",
      "webmail.red-by-sfr.fr",
    ],
  },
  { name: "Free", hosts: ["zimbra.free.fr", "webmail.free.fr", "imp.free.fr", "mail.free.fr"] },
  { name: "La Poste", hosts: ["webmail.laposte.net", "mail.laposte.net", "www.laposte.net"] },
  {
    name: "Bouygues Telecom",
    hosts: ["messagerie.bbox.fr", "webmail.bbox.fr", "www.messagerie.bouyguestelecom.fr"],
  },
  { name: "GMX", hosts: ["gmx.net", "gmx.com", "gmx.de", "gmx.fr", "gmx.at", "gmx.ch"] },
  { name: "WEB.DE", hosts: ["web.de"] },
  { name: "Proton Mail", hosts: ["mail.proton.me", "mail.protonmail.com"] },
  { name: "iCloud Mail", hosts: ["www.icloud.com", "icloud.com"] },
  { name: "Fastmail", hosts: ["app.fastmail.com", "www.fastmail.com"] },
  { name: "Zoho Mail", hosts: ["mail.zoho.com", "mail.zoho.eu"] },
  { name: "Yandex Mail", hosts: ["mail.yandex.ru", "mail.yandex.com"] },
  { name: "Mail.ru", hosts: ["e.mail.ru"] },
  { name: "Libero", hosts: ["mail.libero.it"] },
  { name: "Infomaniak", hosts: ["mail.infomaniak.com", "ksuite.infomaniak.com"] },
];

/** Software of webmails that run under any domain, by the first label of their host. */
export const WEBMAIL_LABELS: readonly { name: string; label: RegExp }[] = [
  { name: "Zimbra", label: /^zimbra\d*$/ },
  { name: "Roundcube", label: /^roundcube\d*$/ },
  { name: "Outlook", label: /^owa\d*$/ },
];
