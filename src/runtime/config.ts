/**
 * Configuration from the environment (12-factor): every name starts with `CHAPPE_`, every value has
 * a sandbox default, and a name we do not know is refused, because a typing error must not silently
 * leave a default in force. Secrets may also be given as files (`…_FILE`).
 */

export interface Listen {
  hostname: string;
  port: number;
}

/** Where outgoing mail goes: the built-in receiving server, one next hop, or the recipients' MX hosts. */
export type DeliveryMode =
  | { kind: "sandbox" }
  | { kind: "relay"; host: string; port: number }
  | { kind: "internet" };

export interface Config {
  /** Data directory, as given. */
  data: string;
  /** Our name in greetings, Message-ID and Received (RFC 5321 §4.1.1.1). */
  hostname: string;
  submission: Listen;
  submissionTls: "required" | "optional";
  /** Clients that need no AUTH, and the account they send for. */
  trusted: readonly { account: string; cidr: string }[];
  maxMessageBytes: number;
  inbound: Listen;
  /** Domain of the return paths we give out (RFC 5321 MAIL FROM). */
  returnDomain: string;
  edge: Listen;
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
  delivery: DeliveryMode;
  /** Minutes between a temporary refusal and the next attempts, before every 4 hours; null: not set. */
  retryEarly: readonly number[] | null;
  /** Who reads what comes in for postmaster, abuse and fbl and is no report; null: nobody. */
  postmaster: string | null;
  /** Local IP addresses that outgoing connections are bound to; empty: the system chooses. */
  sources: readonly string[];
  /** DNS servers as host:port; empty: the system's. */
  dns: readonly string[];
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

type Reader<T> = (text: string) => T;

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
  const config: Config = {
    data: read("CHAPPE_DATA", "./.chappe", String),
    hostname: read("CHAPPE_HOSTNAME", "chappe.localhost", hostname),
    submission: read("CHAPPE_SUBMISSION_LISTEN", { hostname: "127.0.0.1", port: 2525 }, listen),
    submissionTls: read(
      "CHAPPE_SUBMISSION_TLS",
      sandbox ? "optional" : "required",
      oneOf("required", "optional"),
    ),
    trusted: read("CHAPPE_SUBMISSION_TRUSTED", [], trustedList),
    maxMessageBytes: read("CHAPPE_MAX_MESSAGE_BYTES", 50 * 1024 * 1024, positive),
    inbound: read("CHAPPE_INBOUND_LISTEN", { hostname: "127.0.0.1", port: 2526 }, listen),
    returnDomain: read("CHAPPE_RETURN_DOMAIN", "bounces.chappe.localhost", hostname),
    edge,
    trackingUrl: read("CHAPPE_TRACKING_URL", httpUrl(edge), baseUrl),
    console: consoleListen,
    consoleUrl: read("CHAPPE_CONSOLE_URL", httpUrl(consoleListen), baseUrl),
    natsUrl: secret("CHAPPE_NATS_URL"),
    natsReplicas: read("CHAPPE_NATS_REPLICAS", 1, positive),
    storeBytes: read("CHAPPE_STORE_BYTES", 40 * 1024 ** 3, positive),
    trustedProxies: read("CHAPPE_TRUSTED_PROXIES", [], list),
    clickhouseUrl: secret("CHAPPE_CLICKHOUSE_URL"),
    delivery,
    // Empty is an answer here: no early steps.
    retryEarly: read("CHAPPE_RETRY_EARLY", env["CHAPPE_RETRY_EARLY"] === "" ? [] : null, minutes),
    postmaster: read("CHAPPE_POSTMASTER", null, mailAddress),
    sources: read("CHAPPE_SOURCES", [], list),
    dns: read("CHAPPE_DNS", [], list),
    tls: tlsCert !== null && tlsKey !== null ? { cert: tlsCert, key: tlsKey } : null,
    masterKey: secret("CHAPPE_MASTER_KEY"),
  };

  if (config.postmaster?.toLowerCase().endsWith(`@${config.returnDomain}`)) {
    problems.push(
      "CHAPPE_POSTMASTER: stands at CHAPPE_RETURN_DOMAIN, whose mail is passed on to it",
    );
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

/** `host:port`, `[v6]:port` or `:port`. Port 0 asks for a free one. */
export function listen(text: string): Listen {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65535) {
    throw new Error(`expected host:port such as 127.0.0.1:2525, got "${text}"`);
  }
  return { hostname: match[1] ?? (match[2] || "0.0.0.0"), port };
}

function httpUrl({ hostname, port }: Listen): string {
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

function deliveryMode(text: string): DeliveryMode {
  if (text === "sandbox" || text === "internet") return { kind: text };
  if (text.startsWith("relay:")) {
    const { hostname, port } = listen(text.slice("relay:".length));
    return { kind: "relay", host: hostname, port };
  }
  throw new Error(`expected sandbox, internet or relay:host:port, got "${text}"`);
}

function baseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new Error(`expected an http or https URL such as https://t.example.com, got "${text}"`);
  }
  return text.replace(/\/+$/, "");
}

function hostname(text: string): string {
  if (
    !/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text)
  ) {
    throw new Error(`expected a host name such as mta.example.com, got "${text}"`);
  }
  return text.toLowerCase();
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new Error(`expected a whole number from 1, got "${text}"`);
  }
  return value;
}

/** Fractions count: 0.5 is half a minute. */
function minutes(text: string): number[] {
  return list(text).map((item) => {
    const value = Number(item);
    if (!(value > 0 && value <= 72 * 60)) {
      throw new Error(`expected minutes, comma separated, such as 5,15,60, got "${text}"`);
    }
    return value;
  });
}

function mailAddress(text: string): string {
  if (!/^[^\s@<>",;]{1,64}@[^\s@<>",;]{1,189}$/.test(text)) {
    throw new Error(`expected an address such as postmaster@example.com, got "${text}"`);
  }
  return text;
}

function oneOf<const T extends string>(...values: T[]): Reader<T> {
  return (text) => {
    const found = values.find((v) => v === text);
    if (found === undefined) throw new Error(`expected ${values.join(" or ")}, got "${text}"`);
    return found;
  };
}

function list(text: string): string[] {
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

function trustedList(text: string): { account: string; cidr: string }[] {
  return list(text).map((item) => {
    const match = /^([a-z0-9-]+)=([0-9a-f:.]+\/\d{1,3})$/i.exec(item);
    if (match === null) {
      throw new Error(`expected account=cidr such as acme=10.0.0.0/8, got "${item}"`);
    }
    return { account: match[1]!, cidr: match[2]! };
  });
}
