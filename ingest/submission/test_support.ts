/** For tests: a submission server on a free port with the account `demo`, and its log in memory. */
import { type Event, event, type NewEvent, uuidv7 } from "@chappe/src/events";
import type { BodyStore, Counters, EventLog } from "@chappe/src/log";
import { createMetrics, makeCertificate, type Metrics, SILENT } from "@chappe/src/runtime";
import {
  type Account,
  evolve,
  hashPassword,
  NO_LIMITS,
  NO_SETTINGS,
  type SettingsState,
} from "@chappe/src/settings";
import { createSubmission, type Listener, type Submission, type SubmissionOptions } from "./mod.ts";
import { Wire } from "../smtp/test_wire.ts";

export interface TestServer extends Submission, AsyncDisposable {
  readonly address: { hostname: string; port: number };
  /** What was appended about messages, oldest first. */
  readonly appended: NewEvent[];
  /** What was appended about logins, oldest first. */
  readonly accesses: NewEvent[];
  /** What was stored, oldest first; the reference of a body is its index. */
  readonly stored: Uint8Array[];
  readonly metrics: Metrics;
  /** The settings in force; put others there to change them. */
  readonly settings: { now: SettingsState };
  connect(): Promise<Wire>;
  /** Connected, greeted and logged in as `demo`. */
  logIn(): Promise<Wire>;
}

const tls = await makeCertificate({ names: ["localhost"], now: Date.now(), days: 1 });
const hash = await hashPassword("demo", new Uint8Array(16));

/** PEM of the server's certificate, for clients to trust. */
export const { cert } = tls;

export interface Changes extends Partial<SubmissionOptions> {
  listener?: Partial<Listener>;
  append?: EventLog["append"];
  put?: BodyStore["put"];
}

export async function start(
  { listener, append, put, ...options }: Changes = {},
): Promise<TestServer> {
  const appended: NewEvent[] = [];
  const accesses: NewEvent[] = [];
  const stored: Uint8Array[] = [];
  const metrics = createMetrics();
  const settings = { now: demoSettings() };
  const intoMemory: EventLog["append"] = (events) => {
    for (const e of events) (e.type === "access.used" ? accesses : appended).push(e);
    return Promise.resolve([]);
  };
  const putIntoMemory: BodyStore["put"] = (bytes) =>
    Promise.resolve(String(stored.push(bytes.slice()) - 1));
  const server = createSubmission({
    hostname: "relay.example.com",
    tls,
    trusted: [],
    events: { append: append ?? intoMemory },
    bodies: { put: put ?? putIntoMemory },
    counters: countersInMemory(),
    settings,
    optionsHeader: "X-EFIDEM-HEADERS",
    now: Date.now,
    newId: () => uuidv7(Date.now()),
    logger: SILENT,
    metrics,
    ...options,
  });
  const where: Listener = { hostname: "127.0.0.1", port: 0, tls: "optional", ...listener };
  const address = await server.listen(where).catch(async (error) => {
    await server.close(0);
    throw error;
  });
  const connect = () => Wire.connect(address.port);
  return {
    ...server,
    address,
    appended,
    accesses,
    stored,
    metrics,
    settings,
    connect,
    async logIn() {
      const wire = await connect();
      await wire.expect(220);
      await wire.ask("EHLO client.example", 250);
      await wire.ask(`AUTH PLAIN ${btoa("\0demo\0demo")}`, 235);
      return wire;
    },
    [Symbol.asyncDispose]: () => server.close(0),
  };
}

/** Counters of one process, for where no test is about them. */
export function countersInMemory(): Pick<Counters, "add"> {
  const totals = new Map<string, number>();
  return {
    add(key, amount) {
      const total = (totals.get(key) ?? 0) + amount;
      totals.set(key, total);
      return Promise.resolve(total);
    },
  };
}

/** Account `demo`: login `demo`, may send as `example.com`, everything tracked. */
export function demoSettings(changes: Partial<Omit<Account, "id">> = {}): SettingsState {
  const envelope = () => ({ id: uuidv7(Date.now()), account: "demo", at: Date.now() });
  return [
    event("settings.account-created", envelope(), {
      name: "Demo",
      tracking: { mode: "full", opens: true, clicks: true },
      listUnsubscribe: "header",
      unsubscribeText: "Unsubscribe",
      attachments: "keep",
      limits: NO_LIMITS,
      ...changes,
    }),
    event("settings.credential-issued", envelope(), { login: "demo", hash }),
    event("settings.sender-authorised", envelope(), { sender: "example.com" }),
  ].reduce((state, fact) => evolve(state, { ...fact, recorded: fact.at } as Event), NO_SETTINGS);
}

/** Waits, without guessing how long, for what another part is about to do. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** The `message.accepted` among the events. */
export function accepted(server: TestServer): NewEvent<"message.accepted">[] {
  return server.appended.filter((e) => e.type === "message.accepted");
}

/** The `message.rejected` among the events. */
export function rejected(server: TestServer): NewEvent<"message.rejected">[] {
  return server.appended.filter((e) => e.type === "message.rejected");
}

export const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);
