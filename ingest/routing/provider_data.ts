/**
 * Who runs the servers of which domains. `mx`: the host of an MX record is one of these names or
 * below it (as the providers' own set-up pages give them); `domains`: what can be told without asking.
 */
export const PROVIDERS: Readonly<
  Record<string, { readonly mx: readonly string[]; readonly domains: readonly string[] }>
> = {
  google: {
    mx: ["google.com", "googlemail.com"],
    domains: ["gmail.com", "googlemail.com"],
  },
  microsoft: {
    mx: ["protection.outlook.com", "mx.microsoft", "hotmail.com"],
    domains: [
      "outlook.com",
      "outlook.fr",
      "hotmail.com",
      "hotmail.fr",
      "hotmail.co.uk",
      "hotmail.it",
      "hotmail.es",
      "live.com",
      "live.fr",
      "msn.com",
    ],
  },
  yahoo: {
    mx: ["yahoodns.net"],
    domains: ["yahoo.com", "yahoo.fr", "yahoo.co.uk", "ymail.com", "rocketmail.com", "aol.com"],
  },
  apple: { mx: ["mail.icloud.com"], domains: ["icloud.com", "me.com", "mac.com"] },
  orange: { mx: ["orange.fr", "wanadoo.fr"], domains: ["orange.fr", "wanadoo.fr"] },
  sfr: {
    mx: ["sfr.fr"],
    domains: [
      "sfr.fr",
      "neuf.fr",
      "club-internet.fr",
      "cegetel.net",
      "numericable.fr",
      "noos.fr",
      "9online.fr",
    ],
  },
  free: { mx: ["free.fr", "proxad.net"], domains: ["free.fr"] },
  laposte: { mx: ["laposte.net"], domains: ["laposte.net"] },
  gmx: {
    mx: ["gmx.net", "gmx.com", "web.de"],
    domains: ["gmx.de", "gmx.net", "gmx.com", "gmx.fr", "gmx.at", "gmx.ch", "web.de"],
  },
  ovh: { mx: ["ovh.net"], domains: [] },
  mimecast: { mx: ["mimecast.com", "mimecast.co.za", "mimecast-offshore.com"], domains: [] },
  proofpoint: { mx: ["pphosted.com", "ppe-hosted.com"], domains: [] },
  proton: { mx: ["protonmail.ch"], domains: ["proton.me", "protonmail.com", "pm.me"] },
};
