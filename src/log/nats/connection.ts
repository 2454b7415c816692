/** One connection to NATS that comes back by itself, and requests that do not outlive it. */
import { headers as makeHeaders, type Msg, type NatsConnection } from "@nats-io/nats-core";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import { LogUnavailableError } from "../port.ts";
import { pause } from "./pause.ts";
import { connect } from "./transport.ts";

const PING_MS = 10_000;
const DIAL_MS = 5_000;
const RECONNECT_WAIT_MS = 100;

export interface Connection {
  readonly nc: NatsConnection;
  connected(): boolean;
  /** Resolves when connected. @throws {LogUnavailableError} after `limitMs`, or on `signal`. */
  whenConnected(limitMs: number, signal?: AbortSignal): Promise<void>;
  /** Rejects when the connection breaks, for nobody will answer then. */
  request(
    subject: string,
    payload: Uint8Array,
    options: { timeoutMs: number; headers?: Readonly<Record<string, string>> },
  ): Promise<Msg>;
  /** Calls back on each break. Returns how to stop that. */
  onBreak(callback: () => void): () => void;
}

/**
 * Connects to `nats://user:password@host:port` (also `nats://token@…`, `tls://…`; several hosts of a
 * cluster separated by commas). @throws {LogUnavailableError} when none answers.
 */
export async function openConnection(url: string, logger: Logger): Promise<Connection> {
  const { servers, tls, ...login } = parseNatsUrl(url);
  let nc: NatsConnection;
  try {
    nc = await connect({
      servers,
      ...login,
      ...(tls ? { tls: {} } : {}),
      name: "chappe",
      timeout: DIAL_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      pingInterval: PING_MS,
      ignoreAuthErrorAbort: true,
      noAsyncTraces: true,
    });
  } catch (cause) {
    throw new LogUnavailableError(`no NATS at ${servers.join(", ")}: ${messageOf(cause)}`, {
      cause,
    });
  }
  return watch(nc, logger);
}

/** Splits a NATS URL into what the client takes. @throws {TypeError} when it is none. */
export function parseNatsUrl(url: string): {
  servers: string[];
  tls: boolean;
  user?: string;
  pass?: string;
  token?: string;
} {
  const match = /^(nats|tls):\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/@]+)\/?$/.exec(url);
  if (match === null) throw new TypeError("a NATS URL has the form nats://user:password@host:port");
  const [, scheme, user, pass, hosts] = match;
  const base = { servers: hosts!.split(","), tls: scheme === "tls" };
  if (user === undefined) return base;
  if (pass === undefined) return { ...base, token: decodeURIComponent(user) };
  return { ...base, user: decodeURIComponent(user), pass: decodeURIComponent(pass) };
}

function watch(nc: NatsConnection, logger: Logger): Connection {
  let up = true;
  const onUp = new Set<() => void>();
  const onBreak = new Set<() => void>();
  const callAll = (callbacks: Set<() => void>) => [...callbacks].forEach((callback) => callback());
  (async () => {
    for await (const status of nc.status()) {
      if (status.type === "disconnect" && up) {
        up = false;
        logger.warn("log.disconnected");
        callAll(onBreak);
      } else if (status.type === "reconnect") {
        up = true;
        logger.info("log.reconnected");
        callAll(onUp);
      }
    }
    up = false;
    callAll(onBreak);
  })();

  return {
    nc,
    connected: () => up,
    onBreak(callback) {
      onBreak.add(callback);
      return () => onBreak.delete(callback);
    },
    async whenConnected(limitMs, signal) {
      if (up) return;
      const came = new AbortController();
      const done = () => came.abort();
      onUp.add(done);
      signal?.addEventListener("abort", done);
      await pause(signal?.aborted ? 0 : limitMs, came.signal);
      onUp.delete(done);
      signal?.removeEventListener("abort", done);
      if (!up) throw new LogUnavailableError("not connected to NATS");
    },
    request(subject, payload, { timeoutMs, headers = {} }) {
      const made = makeHeaders();
      for (const [name, value] of Object.entries(headers)) made.set(name, value);
      return new Promise((resolve, reject) => {
        const broken = () => reject(new LogUnavailableError("the connection to NATS broke"));
        onBreak.add(broken);
        nc.request(subject, payload, { timeout: timeoutMs, headers: made })
          .then(resolve, reject)
          .finally(() => onBreak.delete(broken));
      });
    },
  };
}
