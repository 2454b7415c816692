/**
 * Networks that links are followed from by mail gateways only, whatever agent they claim. Ranges
 * that people's own proxies share (Apple's relays, Umbrella, Zscaler) are left out.
 */

export interface Network {
  name: string;
  /** CIDR blocks, not longer than what is kept of an address: /24 (IPv4), /48 (IPv6). */
  blocks: readonly string[];
  source: string;
}

export const GATEWAY_NETWORKS: readonly Network[] = [
  {
    name: "microsoft",
    blocks: [
      "40.92.0.0/15",
      "40.94.0.0/16",
      "40.107.0.0/16",
      "52.100.0.0/14",
      "104.47.0.0/17",
      "2a01:111:f400::/48",
      "2a01:111:f403::/48",
    ],
    source: "learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges, Exchange " +
      "Online Protection; 40.94.0.0/16: wiki.lucysecurity.com, 'O365 ATP service', and " +
      "stackoverflow.com/q/67179134",
  },
  {
    name: "proofpoint",
    blocks: ["67.231.144.0/20"],
    source: "proofpoint.my.site.com/support/PPSup_SupportInfo",
  },
  {
    name: "barracuda",
    blocks: ["64.235.144.0/20", "209.222.80.0/21"],
    source: "campus.barracuda.com, Email Gateway Defense, IP ranges",
  },
  {
    name: "mimecast",
    blocks: ["91.220.42.0/24", "195.130.217.0/24", "207.211.30.0/23"],
    source: "community.mimecast.com, data centers and URLs",
  },
];
