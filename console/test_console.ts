/** For tests: a console on ports that hold plain data. */
import type {
  ArrivalRow,
  AttemptRow,
  Bounces,
  Cell,
  Figures,
  Group,
  Heat,
  MessageDetail,
  MessageRow,
  Queries,
  Reactions,
  ReputationRow,
  SendingHour,
  Series,
  Stats,
  SuppressionRow,
} from "@chappe/analytics";
import { BadQueryError, createExports, type Exports, gridOf } from "@chappe/analytics";
import { DnsUnavailableError } from "@chappe/src/dns";
import { BodyGoneError, type Mailbox } from "@chappe/src/log";
import type { Consents } from "@chappe/src/recipients";
import { formatTag, recipientKey } from "@chappe/src/rules";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import type { Role } from "@chappe/src/events";
import {
  createAccount,
  digestApiKey,
  NO_SETTINGS,
  PLATFORM,
  type SettingsFact,
} from "@chappe/src/settings";
import type { Hono } from "hono";
import { createConsole } from "./app.ts";
import type { ConsoleDeps, Env } from "./deps.ts";
import type { Handover, Intake, Submitted } from "./intake.ts";
import { createTestLog, type TestLog } from "./test_log.ts";

export const NOW = Date.parse("2026-11-22T05:30:00Z");
export const API_KEY = "test-key";
export const OTHER_KEY = "other-key";
/** Further API keys, by what they may do. */
export const KEYS = {
  owner: API_KEY,
  operator: "operator-key",
  analyst: "analyst-key",
  platform: "platform-key",
  platformOperator: "platform-operator-key",
} as const;

const NO_TOTALS = { opens: 0, clicks: 0, rates: { open: 0, click: 0, reactivity: 0 } };
export const NO_FIGURES: Figures = {
  sent: 0,
  pending: 0,
  deferred: 0,
  delivered: 0,
  opened: 0,
  clicked: 0,
  softBounced: 0,
  cancelled: 0,
  complained: 0,
  blacklisted: 0,
  unsubscribed: 0,
  rates: { open: 0, click: 0, reactivity: 0, bounce: 0, spam: 0, unsubscribe: 0 },
  totals: NO_TOTALS,
  machine: { opened: 0, clicked: 0, opens: 0, clicks: 0 },
  all: { opened: 0, clicked: 0, rates: NO_TOTALS.rates, totals: NO_TOTALS },
};

/** What the ports hold. Tests fill it. */
export interface Data {
  /** By account. */
  messages: Record<string, MessageDetail[]>;
  groups: Group[];
  series: Series;
  bounces: Bounces;
  heat: Heat;
  technical: Cell[];
  reactions: Reactions[];
  sendingHours: SendingHour[];
  stats: Stats;
  attempts: AttemptRow[];
  /** Attempts of other pools. */
  overflow: AttemptRow[];
  reputation: ReputationRow[];
  arrivals: ArrivalRow[];
  bodies: Record<string, Uint8Array>;
  mails: { seq: number; at: number; headers: Record<string, string>; raw: Uint8Array }[];
}

export interface TestConsole {
  app: Hono<Env>;
  data: Data;
  /** What was asked of `queries.messages` and `queries.stats`. */
  asked: { account: string; question: unknown }[];
  clock: { now: number };
  log: TestLog;
  /** What was handed in to be sent, and what the intake says to it. */
  sent: { handovers: Handover[]; outcome: Exclude<Submitted, { kind: "accepted" }> | null };
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
  const data: Data = {
    messages: {},
    groups: [],
    series: { items: [] },
    bounces: { items: [], total: { soft: 0, hard: 0, sent: 0 } },
    heat: { links: [], blocks: [], total: { recipients: 0, clicks: 0, machineClicks: 0 } },
    technical: [],
    reactions: [],
    sendingHours: [],
    stats: { items: [], total: NO_FIGURES },
    attempts: [],
    overflow: [],
    reputation: [],
    arrivals: [],
    bodies: {},
    mails: [],
  };
  const asked: TestConsole["asked"] = [];
  const clock = { now: NOW };
  const log = createTestLog(NOW, initialSettings());
  const sent: TestConsole["sent"] = { handovers: [], outcome: null };
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

export function messageDetail(changes: Partial<MessageDetail & MessageRow> = {}): MessageDetail {
  const { id = "019e0000-0000-7000-8000-000000000001", sender = "shop@example.com" } = changes;
  const { subject = "Your order", sentAt = NOW - 60_000 } = changes;
  const row: MessageRow = {
    id,
    rcpt: 0,
    sender,
    recipient: "you@example.net",
    recipientType: "to",
    subject,
    sentAt,
    status: "delivered",
    statusAt: sentAt + 1000,
    reply: { code: 250, enhanced: "2.0.0", text: "Ok: queued" },
    opened: false,
    clicked: false,
    address: "192.0.2.7",
    pool: "shared",
    domain: "example.net",
    provider: "other",
    campaign: null,
    attempts: 1,
    opens: 0,
    clicks: 0,
    openedAt: null,
    clickedAt: null,
    headers: { billingCode: "B7" },
  };
  return {
    id,
    sender,
    subject,
    messageId: "order@example.com",
    size: 4321,
    sentAt,
    body: "body-1",
    files: [{ name: "Price list.pdf", type: "application/pdf", size: 48_000, downloads: 3 }],
    references: { billingCode: "B7" },
    recipients: [{ ...row, ...changes, events: [] }],
    ...changes,
  };
}

function queriesOf(data: Data, asked: TestConsole["asked"], log: TestLog): Queries {
  return {
    messages(account, filter, page) {
      asked.push({ account, question: { filter, page } });
      if (page.cursor === "bad") throw new BadQueryError("this cursor is not ours");
      const rows = (data.messages[account] ?? []).flatMap((message) => message.recipients);
      const start = Number(page.cursor ?? 0);
      const items = rows.slice(start, start + page.limit);
      const next = start + page.limit < rows.length ? String(start + page.limit) : null;
      return Promise.resolve({ items, next });
    },
    message: (account, id) =>
      Promise.resolve((data.messages[account] ?? []).find((m) => m.id === id) ?? null),
    messageHead: (account, id) =>
      Promise.resolve((data.messages[account] ?? []).find((m) => m.id === id) ?? null),
    groups(account, filter, page) {
      asked.push({ account, question: { filter, page } });
      return Promise.resolve({ items: data.groups, next: null });
    },
    series(account, question) {
      asked.push({ account, question });
      return Promise.resolve(data.series);
    },
    bounces(account, question) {
      asked.push({ account, question });
      return Promise.resolve(data.bounces);
    },
    heat(account, scope, blocks) {
      asked.push({ account, question: { scope, blocks } });
      return Promise.resolve(data.heat);
    },
    technical(account, question) {
      asked.push({ account, question });
      return Promise.resolve(data.technical);
    },
    reactions(account, question) {
      asked.push({ account, question });
      return Promise.resolve(data.reactions);
    },
    sendingHours(account, question) {
      asked.push({ account, question });
      return Promise.resolve(data.sendingHours);
    },
    stats(account, range) {
      asked.push({ account, question: range });
      return Promise.resolve(data.stats);
    },
    suppressions(account, filter, page) {
      asked.push({ account, question: { filter, page } });
      if (page.cursor === "bad") throw new BadQueryError("this cursor is not ours");
      return Promise.resolve({ items: suppressedIn(log, account), next: null });
    },
    suppression: (account, recipient) => {
      const key = recipientKey(recipient);
      const row = suppressedIn(log, account).find((row) => row.recipient === key);
      return Promise.resolve(row ?? null);
    },
    async *exportSuppressions(account, filter) {
      asked.push({ account, question: filter });
      yield* suppressedIn(log, account);
    },
    attempts(filter) {
      asked.push({ account: "", question: filter });
      const rows = filter.besides === undefined ? data.attempts : data.overflow;
      return Promise.resolve(rows.filter(({ at }) => at >= filter.from && at < filter.to));
    },
    reputation(address, now) {
      asked.push({ account: "", question: { address, now } });
      return Promise.resolve(data.reputation);
    },
    arrivals(account, { from, to }) {
      asked.push({ account, question: { from, to } });
      return Promise.resolve(data.arrivals.filter(({ at }) => at >= from && at < to));
    },
    position: () => log.lastSeq(),
    caughtUp: async (seq) => seq <= await log.lastSeq(),
  };
}

/** Messages by subject only; the list of suppressions is empty. */
function exportsOf(data: Data, asked: TestConsole["asked"], queries: Queries): Exports {
  const nothing = { async *read() {}, close: () => Promise.resolve() };
  return {
    ...createExports(nothing, queries),
    messages(account, filter, shown) {
      asked.push({ account, question: { filter, shown } });
      const subjects = (data.messages[account] ?? []).map(({ subject }) => [subject]);
      return gridOf("messages", [{ name: "subject", type: "text" }], subjects);
    },
  };
}

/** Queries while ClickHouse is away. */
export function failingQueries(error: Error): Queries {
  const fail = () => Promise.reject(error);
  return {
    messages: fail,
    message: fail,
    messageHead: fail,
    groups: fail,
    series: fail,
    bounces: fail,
    heat: fail,
    technical: fail,
    reactions: fail,
    sendingHours: fail,
    stats: fail,
    suppressions: fail,
    suppression: fail,
    // deno-lint-ignore require-yield -- it fails before the first row
    async *exportSuppressions() {
      throw error;
    },
    attempts: fail,
    reputation: fail,
    arrivals: fail,
    position: fail,
    caughtUp: fail,
  };
}

/** By recipient. */
function suppressedIn(log: TestLog, account: string): SuppressionRow[] {
  const rows = new Map<string, SuppressionRow>();
  for (const event of log.of("suppression")) {
    const { recipient = "", by = null, at: addedAt } = event;
    if (event.account !== account) continue;
    if (event.type === "suppression.removed") rows.delete(recipient);
    if (event.type === "suppression.added") {
      const { reason, source, note = null } = event.data;
      rows.set(recipient, { recipient, reason, source, note, by, addedAt, message: null });
    }
  }
  return [...rows.values()].sort((a, b) => a.recipient < b.recipient ? -1 : 1);
}

function consentsOf(log: TestLog): Consents {
  return {
    withdrawn: (tag) =>
      log.of("consent").filter((e) => "tag" in e.data && e.data.tag === formatTag(tag))
        .at(-1)?.type === "consent.withdrawn",
  };
}

function bodiesOf(data: Data): ConsoleDeps["bodies"] {
  return {
    get(reference) {
      const body = data.bodies[reference];
      return body === undefined
        ? Promise.reject(new BodyGoneError(reference))
        : Promise.resolve(body);
    },
  };
}

function intakeOf(sent: TestConsole["sent"]): Intake {
  return {
    receive: async (body, use) => await use(await new Response(body).bytes()),
    submit(handover) {
      sent.handovers.push(handover);
      const id = `019e0000-0000-7000-8000-${String(sent.handovers.length).padStart(12, "0")}`;
      const recipients = handover.recipients.map((address) => ({ address, kind: "to" as const }));
      return Promise.resolve(sent.outcome ?? { kind: "accepted", id, recipients });
    },
  };
}

function mailboxOf(data: Data): Mailbox {
  return {
    put: () => Promise.reject(new Error("the console puts nothing into the mailbox")),
    list: (limit) => Promise.resolve(data.mails.toSorted((a, b) => b.seq - a.seq).slice(0, limit)),
    get: (seq) => Promise.resolve(data.mails.find((mail) => mail.seq === seq) ?? null),
  };
}

/** Two customers, and the operator of the installation. */
function initialSettings(): SettingsFact[] {
  const open = (id: string, key: string, secret: string) =>
    createAccount(NO_SETTINGS, {
      id,
      name: id,
      senders: [],
      smtp: { login: id, hash: `hash of ${id}` },
      apiKey: { key, name: "test", digest: digestApiKey(secret) },
      user: { email: `${id}@example.com`, name: "Ada Demo", hash: `hash of ${id}` },
    });
  const key = (account: string, role: Role, secret: string) => {
    const data = { key: secret, name: secret, digest: digestApiKey(secret), role };
    return { type: "settings.api-key-issued", account, data } as const;
  };
  return [
    ...open("demo", "k1", API_KEY),
    ...open("other", "k2", OTHER_KEY),
    key("demo", "operator", KEYS.operator),
    key("demo", "analyst", KEYS.analyst),
    key(PLATFORM, "owner", KEYS.platform),
    key(PLATFORM, "operator", KEYS.platformOperator),
    {
      type: "settings.token-key-created",
      account: PLATFORM,
      data: { kid: 1, secret: "thirty-two bytes of a secret key" },
    },
  ];
}
