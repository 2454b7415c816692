/**
 * Configuration from the environment (12-factor): every name starts with `CHAPPE_`, every value has
 * a sandbox default, and a name we do not know is refused, because a typing error must not silently
 * leave a default in force. Secrets may also be given as files (`…_FILE`).
 */
import {
  baseUrl,
  type DeliveryMode,
  deliveryMode,
  hostname,
  httpUrl,
  identifier,
  list,
  type Listen,
  listen,
  mailAddress,
  minutes,
  oneOf,
  positive,
  type Reader,
  type SubmissionListen,
  submissionListens,
  trustedList,
  zones,
} from "./config_values.ts";

export type { DeliveryMode, Listen } from "./config_values.ts";

export interface Config {
  /** Data directory, as given. */
  data: string;
  /** Our name in greetings, Message-ID and Received (RFC 5321 §4.1.1.1). */
  hostname: string;
  /** At least one; the first is the one to tell people about. */
  submission: readonly SubmissionListen[];
  /** Sessions at once, on all of them and of one client address. */
  submissionConnections: number;
  submissionConnectionsPerClient: number;
  /** Clients that need no AUTH, and the account they send for. */
  trusted: readonly { account: string; cidr: string }[];
  maxMessageBytes: number;
  inbound: Listen;
  /** Domain of the return paths we give out (RFC 5321 MAIL FROM). */
  returnDomain: string;
  edge: Listen;
  /** What hits may take of each edge process's disk while the log is away, bytes. */
  edgeSpillBytes: number;
  /** Shared with workers that report to the edge; null: none may. */
  edgeSecret: string | null;
  /** Public base URL of the tracking edge, without a slash at the end. */
  trackingUrl: string;
  /** Networks (CIDR) of proxies before the edge whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[];
  console: Listen;
  /** Where browsers reach the console, without a slash at the end. */
  consoleUrl: string;
  natsUrl: string | null;
  /** Copies of each stream in a NATS cluster. */
  natsReplicas: number;
  /** Disk that the log may take, bytes; full means "try again later", nothing is thrown away. */
  storeBytes: number;
  clickhouseUrl: string | null;
  /** Name of the cluster in ClickHouse's configuration; null: a single server. */
  clickhouseCluster: string | null;
  /** How many days ClickHouse keeps events, and deliveries and hits; null: for ever. */
  keepEventsDays: number | null;
  keepFiguresDays: number | null;
  delivery: DeliveryMode;
  /** Minutes between a temporary refusal and the next attempts, before every 4 hours; null: not set. */
  retryEarly: readonly number[] | null;
  /** Who reads what comes in for postmaster, abuse and fbl and is no report; null: nobody. */
  postmaster: string | null;
  /** Local IP addresses that outgoing connections are bound to; empty: the system chooses. */
  sources: readonly string[];
  /** DNS servers as host:port; empty: the system's. */
  dns: readonly string[];
  /** Zones of DNS block lists that are asked about our addresses; null: not set. */
  blockLists: readonly string[] | null;
  /** Paths of PEM files; null: a certificate of our own, made at first start (sandbox only). */
  tls: { cert: string; key: string } | null;
  /** 32 bytes, base64 or hex, that seal keys kept in the log; null: made at first start (sandbox only). */
  masterKey: string | null;
}

/** All that is wrong with the environment, one line each. */
export class ConfigError extends Error {
  override name = "ConfigError";
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/**
 * @param env the whole environment; other names than `CHAPPE_…` are not looked at
 * @param readFile reads a secret's file
 * @throws {ConfigError}
 */
export function readConfig(
  env: Readonly<Record<string, string>>,
  readFile: (path: string) => string,
): Config {
  const problems: string[] = [];
  const known = new Set<string>();

  function read<T>(name: string, fallback: T, parse: Reader<T>): T {
    known.add(name);
    const text = env[name];
    if (text === undefined || text === "") return fallback;
    try {
      return parse(text);
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
      return fallback;
    }
  }
  function secret(name: string): string | null {
    const file = read<string | null>(`${name}_FILE`, null, String);
    const text = read<string | null>(name, null, String);
    if (file === null) return text;
    if (text !== null) problems.push(`${name} and ${name}_FILE are both set; keep one`);
    try {
      return readFile(file).trim();
    } catch (error) {
      problems.push(`${name}_FILE: cannot read ${file}: ${(error as Error).message}`);
      return null;
    }
  }

  const delivery = read<DeliveryMode>("CHAPPE_DELIVERY", { kind: "sandbox" }, deliveryMode);
  const edge = read("CHAPPE_EDGE_LISTEN", { hostname: "127.0.0.1", port: 8081 }, listen);
  const consoleListen = read(
    "CHAPPE_CONSOLE_LISTEN",
    { hostname: "127.0.0.1", port: 8080 },
    listen,
  );
  const tlsCert = read<string | null>("CHAPPE_TLS_CERT", null, String);
  const tlsKey = read<string | null>("CHAPPE_TLS_KEY", null, String);
  if ((tlsCert === null) !== (tlsKey === null)) {
    problems.push("CHAPPE_TLS_CERT and CHAPPE_TLS_KEY go together: set both or none");
  }
  const sandbox = delivery.kind === "sandbox";
  const tlsOfSubmission = read(
    "CHAPPE_SUBMISSION_TLS",
    sandbox ? "optional" : "required",
    oneOf("required", "optional"),
  );
  const plain = tlsOfSubmission === "required" ? "starttls" : "optional";
  const config: Config = {
    data: read("CHAPPE_DATA", "./.chappe", String),
    hostname: read("CHAPPE_HOSTNAME", "chappe.localhost", hostname),
    submission: read(
      "CHAPPE_SUBMISSION_LISTEN",
      [{ hostname: "127.0.0.1", port: 2525, tls: plain }],
      (text) => submissionListens(text, plain),
    ),
    submissionConnections: read("CHAPPE_SUBMISSION_CONNECTIONS", 1000, positive),
    submissionConnectionsPerClient: read("CHAPPE_SUBMISSION_CONNECTIONS_PER_CLIENT", 250, positive),
    trusted: read("CHAPPE_SUBMISSION_TRUSTED", [], trustedList),
    maxMessageBytes: read("CHAPPE_MAX_MESSAGE_BYTES", 50 * 1024 * 1024, positive),
    inbound: read("CHAPPE_INBOUND_LISTEN", { hostname: "127.0.0.1", port: 2526 }, listen),
    returnDomain: read("CHAPPE_RETURN_DOMAIN", "bounces.chappe.localhost", hostname),
    edge,
    edgeSecret: secret("CHAPPE_EDGE_SECRET"),
    edgeSpillBytes: read("CHAPPE_EDGE_SPILL_BYTES", 1024 ** 3, positive),
    trackingUrl: read("CHAPPE_TRACKING_URL", httpUrl(edge), baseUrl),
    console: consoleListen,
    consoleUrl: read("CHAPPE_CONSOLE_URL", httpUrl(consoleListen), baseUrl),
    natsUrl: secret("CHAPPE_NATS_URL"),
    natsReplicas: read("CHAPPE_NATS_REPLICAS", 1, positive),
    storeBytes: read("CHAPPE_STORE_BYTES", 40 * 1024 ** 3, positive),
    trustedProxies: read("CHAPPE_TRUSTED_PROXIES", [], list),
    clickhouseUrl: secret("CHAPPE_CLICKHOUSE_URL"),
    clickhouseCluster: read("CHAPPE_CLICKHOUSE_CLUSTER", null, identifier),
    keepEventsDays: read("CHAPPE_KEEP_EVENTS_DAYS", null, positive),
    keepFiguresDays: read("CHAPPE_KEEP_FIGURES_DAYS", null, positive),
    delivery,
    // Empty is an answer here: no early steps.
    retryEarly: read("CHAPPE_RETRY_EARLY", env["CHAPPE_RETRY_EARLY"] === "" ? [] : null, minutes),
    postmaster: read("CHAPPE_POSTMASTER", null, mailAddress),
    sources: read("CHAPPE_SOURCES", [], list),
    dns: read("CHAPPE_DNS", [], list),
    blockLists: read("CHAPPE_DNSBL", null, zones),
    tls: tlsCert !== null && tlsKey !== null ? { cert: tlsCert, key: tlsKey } : null,
    masterKey: secret("CHAPPE_MASTER_KEY"),
  };

  if (config.postmaster?.toLowerCase().endsWith(`@${config.returnDomain}`)) {
    problems.push(
      "CHAPPE_POSTMASTER: stands at CHAPPE_RETURN_DOMAIN, whose mail is passed on to it",
    );
  }
  if (config.edgeSecret !== null && config.edgeSecret.length < 32) {
    problems.push("CHAPPE_EDGE_SECRET: expected 32 characters or more: `openssl rand -base64 32`");
  }
  for (const name of Object.keys(env)) {
    if (name.startsWith("CHAPPE_") && !known.has(name)) {
      problems.push(`${name}: unknown variable. Known are ${[...known].sort().join(", ")}`);
    }
  }
  if (!sandbox) {
    if (config.tls === null) {
      problems.push(
        "CHAPPE_TLS_CERT, CHAPPE_TLS_KEY: needed outside the sandbox (PEM files, ECDSA advised)",
      );
    }
    if (config.masterKey === null) {
      problems.push(
        "CHAPPE_MASTER_KEY (or _FILE): needed outside the sandbox; make one with `openssl rand -base64 32`",
      );
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}
