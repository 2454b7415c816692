/** For tests: an inbound server on a free port with the account `demo`, and its log in memory. */
import { type Event, type NewEvent, uuidv7 } from "@chappe/src/events";
import type { Commit, EventLog } from "@chappe/src/log";
import { type CopyAddress, mintCopyAddress } from "@chappe/src/rules";
import { createMetrics, makeCertificate, type Metrics, SILENT } from "@chappe/src/runtime";
import { createVault, NO_LIMITS, NO_SETTINGS } from "@chappe/src/settings";
import { Wire } from "../smtp/test_wire.ts";
import { type Inbound, type InboundOptions, startInbound } from "./mod.ts";

export const DOMAIN = "bounces.example";
export const KEY = { kid: 1, secret: new Uint8Array(32).fill(5) };
const vault = createVault(new Uint8Array(32));
const tls = await makeCertificate({ names: ["localhost"], now: Date.now(), days: 1 });

/** PEM of the server's certificate, for clients to trust. */
export const { cert } = tls;

/** A report as it travels: CRLF line ends. */
export async function fixture(name: string): Promise<Uint8Array> {
  const text = await Deno.readTextFile(new URL(`fixtures/${name}.eml`, import.meta.url));
  return new TextEncoder().encode(text.replaceAll("\n", "\r\n"));
}

/** The whole return path of a copy. */
export function addressOf(path: CopyAddress, key = KEY): string {
  return `${mintCopyAddress(path, key)}@${DOMAIN}`;
}

export interface TestInbound extends Inbound, AsyncDisposable {
  /** What was appended, oldest first. */
  readonly appended: NewEvent[];
  /** Bodies that were stored, oldest first. */
  readonly bodies: Uint8Array[];
  readonly metrics: Metrics;
  /** Connected and greeted. */
  connect(): Promise<Wire>;
}

export async function start(
  options: Partial<InboundOptions> & {
    append?: EventLog["append"];
    /** What the log holds of messages. */
    accepted?: readonly NewEvent<"message.accepted">[];
    /** Account → domains whose return path leads to us, and others. */
    accountDomains?: Record<string, Record<string, boolean>>;
  } = {},
): Promise<TestInbound> {
  const appended: NewEvent[] = [];
  const bodies: Uint8Array[] = [];
  const { accepted = [], accountDomains = {} } = options;
  const metrics = createMetrics();
  const intoMemory: EventLog["append"] = (events) => {
    appended.push(...events);
    return Promise.resolve([]);
  };
  const account = {
    name: "Demo",
    tracking: { mode: "full" as const, opens: true, clicks: true },
    listUnsubscribe: "header" as const,
    unsubscribeText: "Unsubscribe",
    attachments: "keep" as const,
    limits: NO_LIMITS,
  };
  const server = await startInbound({
    listen: { hostname: "127.0.0.1", port: 0 },
    hostname: "mx.bounces.example",
    domain: DOMAIN,
    tls,
    events: { append: options.append ?? intoMemory, read: () => readBack(accepted) },
    bodies: {
      put(bytes) {
        bodies.push(bytes.slice());
        return Promise.resolve(`body-${bodies.length}`);
      },
    },
    postmaster: null,
    maxSize: 1024 * 1024,
    settings: {
      now: {
        ...NO_SETTINGS,
        accounts: new Map(["demo", "other"].map((id) => [id, { id, ...account }])),
        domains: new Map(
          Object.entries(accountDomains).map(([account, own]) => [
            account,
            new Map(
              Object.entries(own).map(([domain, returnPath]) => [domain, {
                account,
                domain,
                ed25519: false,
                keys: [],
                verifiedSelectors: new Set<string>(),
                returnPath,
                checkedAt: 0,
              }]),
            ),
          ]),
        ),
        tokenKeys: new Map([[1, {
          kid: 1,
          secret: vault.seal(KEY.secret),
          createdAt: 0,
          retiredAt: null,
        }]]),
      },
      unseal: vault.unseal,
    },
    now: Date.now,
    newId: () => uuidv7(Date.now()),
    logger: SILENT,
    metrics,
    ...options,
  });
  return {
    ...server,
    appended,
    bodies,
    metrics,
    async connect() {
      const wire = await Wire.connect(server.address.port);
      await wire.expect("220 mx.bounces.example");
      await wire.ask("EHLO mx.remote.example", 250);
      return wire;
    },
    [Symbol.asyncDispose]: () => server.close(0),
  };
}

async function* readBack(
  accepted: readonly NewEvent<"message.accepted">[],
): AsyncGenerator<Commit> {
  await Promise.resolve();
  for (const [i, event] of accepted.entries()) {
    const recorded = event.at;
    yield { seq: i + 1, family: "message", recorded, events: [{ ...event, recorded } as Event] };
  }
}
