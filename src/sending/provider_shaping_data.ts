/**
 * How each provider likes its mail, from one source address: the checked table behind `limits.ts`.
 * Names are those of the MX roll-up.
 */
export interface ProviderShaping {
  /** Connections at once. */
  readonly connections: number;
  readonly messagesPerConnection: number;
  /** Messages a minute; null: no pace of its own. */
  readonly perMinute: number | null;
  /**
   * `published`: the provider says so. `practice`: what senders who deliver there go by. `ours`:
   * nothing to be found, a careful choice.
   */
  readonly basis: "published" | "practice" | "ours";
  readonly source: string;
}

export const PROVIDER_SHAPING: Readonly<Record<string, ProviderShaping>> = {
  google: {
    connections: 5,
    messagesPerConnection: 50,
    perMinute: null,
    basis: "practice",
    source:
      "KumoMTA's community shaping data (google); https://support.google.com/mail/answer/81126",
  },
  microsoft: {
    connections: 5,
    messagesPerConnection: 50,
    perMinute: null,
    basis: "practice",
    source:
      "KumoMTA's community shaping data (outlook, office365); https://sendersupport.olc.protection.outlook.com/pm/Policies",
  },
  yahoo: {
    connections: 5,
    messagesPerConnection: 20,
    perMinute: null,
    basis: "published",
    source:
      "20 messages a connection, connections at will but with respect: https://help.yahoo.com/kb/SLN3433.html, https://senders.yahooinc.com/best-practices",
  },
  apple: {
    connections: 10,
    messagesPerConnection: 5,
    perMinute: null,
    basis: "practice",
    source: "KumoMTA's community shaping data (apple); https://support.apple.com/en-us/102322",
  },
  orange: {
    connections: 3,
    messagesPerConnection: 100,
    perMinute: null,
    basis: "practice",
    source:
      "Three connections, 1,000 connections an hour: https://www.postmastery.com/orange-postmaster-smtp-error-codes-ofr/",
  },
  sfr: {
    connections: 2,
    messagesPerConnection: 50,
    perMinute: null,
    basis: "practice",
    source: "Two connections: https://bentonow.com/smtp-errors/sfr",
  },
  free: {
    connections: 2,
    messagesPerConnection: 20,
    perMinute: null,
    basis: "ours",
    source: "http://postmaster.free.fr/ names no figures, and blocks by errors for up to 24 hours",
  },
  laposte: {
    connections: 2,
    messagesPerConnection: 100,
    perMinute: null,
    basis: "published",
    source: "https://www.postmastery.com/laposte-net-postmaster-smtp-error-codes-lpn/",
  },
  gmx: {
    connections: 5,
    messagesPerConnection: 100,
    perMinute: null,
    basis: "practice",
    source:
      "100 messages a connection, as mail.com of the same house told KumoMTA; https://postmaster.gmx.net/en/",
  },
  mimecast: {
    connections: 10,
    messagesPerConnection: 100,
    perMinute: null,
    basis: "published",
    source: "Mimecast to KumoMTA's community shaping data",
  },
  proofpoint: {
    connections: 5,
    messagesPerConnection: 50,
    perMinute: null,
    basis: "ours",
    source: "https://ipcheck.proofpoint.com/ names no figures",
  },
};

/** Everybody else, the many domains that run their own servers among them. */
export const DEFAULT_SHAPING: ProviderShaping = {
  connections: 10,
  messagesPerConnection: 100,
  perMinute: null,
  basis: "practice",
  source: "KumoMTA's community shaping data (default)",
};
