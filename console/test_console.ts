/** For tests: a console on ports that hold plain data. */
import { DnsUnavailableError } from "@chappe/src/dns";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import type { Hono } from "hono";
import { createConsole } from "./app.ts";
import type { ConsoleDeps, Env } from "./deps.ts";
import { type Data, emptyData, NOW } from "./test_data.ts";
import { createTestLog, type TestLog } from "./test_log.ts";
import {
  API_KEY,
  bodiesOf,
  consentsOf,
  initialSettings,
  intakeOf,
  mailboxOf,
  type Sent,
} from "./test_ports.ts";
import { type Asked, exportsOf, queriesOf } from "./test_queries.ts";

export interface TestConsole {
  app: Hono<Env>;
  data: Data;
  /** What was asked of `queries.messages` and `queries.stats`. */
  asked: Asked;
  clock: { now: number };
  log: TestLog;
  /** What was handed in to be sent, and what the intake says to it. */
  sent: Sent;
  /** Who used what, as `account kind name ip`. */
  used: string[];
  /** GET with the API key of account `demo`. */
  api(path: string, init?: RequestInit): Promise<Response>;
  /** GET with a session of account `demo`. */
  get(path: string, init?: RequestInit): Promise<Response>;
  /** The cookie of a session. @throws when the login is refused. */
  logIn(email?: string, password?: string): Promise<string>;
}

export function createTestConsole(changes: Partial<ConsoleDeps> = {}): TestConsole {
  const data = emptyData();
  const asked: Asked = [];
  const clock = { now: NOW };
  const log = createTestLog(NOW, initialSettings());
  const sent: Sent = { handovers: [], outcome: null };
  const used: string[] = [];
  let keys = 0;
  const queries = queriesOf(data, asked, log);
  const app = createConsole({
    queries,
    exports: exportsOf(data, asked, queries),
    sql: { ask: () => Promise.reject(new Error("no engine")), close: () => Promise.resolve() },
    settings: log.settings,
    events: log,
    access: { used: (...use) => void used.push(use.join(" ")) },
    keys: {
      generate: (algorithm) =>
        Promise.resolve({ privateKeyPem: "private", publicKeyBase64: `${algorithm}+${keys++}` }),
      vault: { seal: () => "sealed", unseal: () => new Uint8Array() },
    },
    installation: {
      hostname: "mta.relay.example",
      returnDomain: "bounces.relay.example",
      sources: ["192.0.2.25"],
    },
    dns: { query: () => Promise.reject(new DnsUnavailableError("no name server to ask")) },
    consents: consentsOf(log),
    sending: log.sending,
    bodies: bodiesOf(data),
    intake: intakeOf(sent),
    optionsHeader: "X-EFIDEM-HEADERS",
    mailbox: mailboxOf(data),
    verifyPassword: (password, hash) => Promise.resolve(hash === `hash of ${password}`),
    sessionSecret: new Uint8Array(32).fill(7),
    ready: () => Promise.resolve({ ok: true, parts: { log: "ok" } }),
    metricsText: () => Promise.resolve("chappe_up 1\n"),
    now: () => clock.now,
    logger: SILENT,
    metrics: createMetrics(),
    publicUrl: "http://localhost",
    tryLine: "swaks --server 127.0.0.1:2525 --to you@example.net",
    ...changes,
  });
  let session: string | undefined;
  const logIn = async (email = "demo@example.com", password = "demo") => {
    const body = new URLSearchParams({ email, password });
    const response = await app.request("/login", { method: "POST", body });
    const cookie = response.headers.get("set-cookie")?.split(";")[0];
    if (response.status !== 303 || cookie === undefined) throw new Error("login was refused");
    return cookie;
  };
  return {
    app,
    data,
    asked,
    clock,
    log,
    sent,
    used,
    logIn,
    async api(path, init) {
      const headers = { authorization: `Bearer ${API_KEY}`, ...init?.headers };
      return await app.request(`/api/v1${path}`, { ...init, headers });
    },
    async get(path, init) {
      session ??= await logIn();
      const given = new Headers(init?.headers);
      given.set("cookie", [session, given.get("cookie")].filter(Boolean).join("; "));
      return await app.request(path, { ...init, headers: given });
    },
  };
}
