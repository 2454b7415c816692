/** Values of configuration, read from text. Each throws an error that says what was expected. */

export interface Listen {
  hostname: string;
  port: number;
}

/** Where senders connect, and how TLS begins there (see ingest's `Listener`). */
export interface SubmissionListen extends Listen {
  tls: "starttls" | "implicit" | "optional";
}

/** Where outgoing mail goes: the built-in receiving server, one next hop, or the recipients' MX hosts. */
export type DeliveryMode =
  | { kind: "sandbox" }
  | { kind: "relay"; host: string; port: number }
  | { kind: "internet" };

export type Reader<T> = (text: string) => T;

/** `host:port`, `[v6]:port` or `:port`. Port 0 asks for a free one. */
export function listen(text: string): Listen {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]*)):(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65535) {
    throw new Error(`expected host:port such as 127.0.0.1:2525, got "${text}"`);
  }
  return { hostname: match[1] ?? (match[2] || "0.0.0.0"), port };
}

const SCHEMES = { starttls: "starttls", tls: "implicit", clear: "optional" } as const;

/** `host:port`, or `scheme://host:port`, comma separated. @param plain TLS where no scheme stands */
export function submissionListens(
  text: string,
  plain: SubmissionListen["tls"],
): SubmissionListen[] {
  const listens = list(text).map((item) => {
    const [, scheme, address] = /^(?:(starttls|tls|clear):\/\/)?(.*)$/.exec(item)!;
    const tls = scheme === undefined ? plain : SCHEMES[scheme as keyof typeof SCHEMES];
    return { ...listen(address!), tls };
  });
  if (listens.length === 0) throw new Error("expected at least one host:port");
  return listens;
}

export function httpUrl({ hostname, port }: Listen): string {
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

export function deliveryMode(text: string): DeliveryMode {
  if (text === "sandbox" || text === "internet") return { kind: text };
  if (text.startsWith("relay:")) {
    const { hostname, port } = listen(text.slice("relay:".length));
    return { kind: "relay", host: hostname, port };
  }
  throw new Error(`expected sandbox, internet or relay:host:port, got "${text}"`);
}

export function baseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new Error(`expected an http or https URL such as https://t.example.com, got "${text}"`);
  }
  return text.replace(/\/+$/, "");
}

export function hostname(text: string): string {
  if (
    !/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(text)
  ) {
    throw new Error(`expected a host name such as mta.example.com, got "${text}"`);
  }
  return text.toLowerCase();
}

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new Error(`expected a whole number from 1, got "${text}"`);
  }
  return value;
}

/** A name as ClickHouse takes it without quotes. */
export function identifier(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(text)) return text;
  throw new Error(`expected letters, digits and _, not a digit first, got "${text}"`);
}

/** Fractions count: 0.5 is half a minute. */
export function minutes(text: string): number[] {
  return list(text).map((item) => {
    const value = Number(item);
    if (!(value > 0 && value <= 72 * 60)) {
      throw new Error(`expected minutes, comma separated, such as 5,15,60, got "${text}"`);
    }
    return value;
  });
}

export function mailAddress(text: string): string {
  if (!/^[^\s@<>",;]{1,64}@[^\s@<>",;]{1,189}$/.test(text)) {
    throw new Error(`expected an address such as postmaster@example.com, got "${text}"`);
  }
  return text;
}

export function oneOf<const T extends string>(...values: T[]): Reader<T> {
  return (text) => {
    const found = values.find((v) => v === text);
    if (found === undefined) throw new Error(`expected ${values.join(" or ")}, got "${text}"`);
    return found;
  };
}

export function list(text: string): string[] {
  return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}

/** Zones of DNS, comma separated; `off` for none. */
export function zones(text: string): string[] {
  return text === "off" ? [] : list(text).map(hostname);
}

export function trustedList(text: string): { account: string; cidr: string }[] {
  return list(text).map((item) => {
    const match = /^([a-z0-9-]+)=([0-9a-f:.]+\/\d{1,3})$/i.exec(item);
    if (match === null) {
      throw new Error(`expected account=cidr such as acme=10.0.0.0/8, got "${item}"`);
    }
    return { account: match[1]!, cidr: match[2]! };
  });
}
