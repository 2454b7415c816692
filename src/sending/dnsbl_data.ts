/** Block lists that receivers go by, as data for `dnsbl.ts`; which are asked is a setting. */
import type { DnsblList } from "./dnsbl.ts";

export const DNSBLS: readonly DnsblList[] = [
  {
    zone: "zen.spamhaus.org",
    ipv6: true,
    meanings: {
      "127.0.0.2": "SBL",
      "127.0.0.3": "CSS",
      "127.0.0.4": "XBL",
      "127.0.0.9": "DROP",
      "127.0.0.10": "PBL (by the network's owner)",
      "127.0.0.11": "PBL (by Spamhaus)",
    },
    page: "https://www.spamhaus.org/faqs/dnsbl-usage/",
  },
  {
    zone: "bl.spamcop.net",
    ipv6: false,
    meanings: { "127.0.0.2": "reported as a source of spam" },
    page: "https://www.spamcop.net/bl.shtml",
  },
  {
    zone: "b.barracudacentral.org",
    ipv6: false,
    meanings: { "127.0.0.2": "poor reputation" },
    page: "https://www.barracudacentral.org/rbl",
  },
  {
    zone: "psbl.surriel.com",
    ipv6: true,
    meanings: { "127.0.0.2": "hit a spam trap" },
    page: "https://psbl.org/",
  },
];
