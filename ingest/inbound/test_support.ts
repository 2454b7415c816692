/** For tests: an inbound server on a free port with the account `demo`, and its log in memory. */
import { type NewEvent, uuidv7 } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";
import { type CopyAddress, mintCopyAddress } from "@chappe/src/rules";
import { createMetrics, makeCertificate, type Metrics, SILENT } from "@chappe/src/runtime";
import { createVault, NO_LIMITS, NO_SETTINGS } from "@chappe/src/settings";
import { Wire } from "../smtp/test_wire.ts";
import { type Inbound, type InboundOptions, startInbound } from "./mod.ts";

export const DOMAIN = "bounces.example";
const KEY = { kid: 1, secret: new Uint8Array(32).fill(5) };
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
  readonly metrics: Metrics;
  /** Connected and greeted. */
  connect(): Promise<Wire>;
}

export async function start(
  options: Partial<InboundOptions> & { append?: EventLog["append"] } = {},
): Promise<TestInbound> {
  const appended: NewEvent[] = [];
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
    limits: NO_LIMITS,
  };
  const server = await startInbound({
    listen: { hostname: "127.0.0.1", port: 0 },
    hostname: "mx.bounces.example",
    domains: [DOMAIN],
    tls,
    events: { append: options.append ?? intoMemory },
    settings: {
      now: {
        ...NO_SETTINGS,
        accounts: new Map(["demo", "other"].map((id) => [id, { id, ...account }])),
        tokenKeys: new Map([[1, { kid: 1, secret: vault.seal(KEY.secret) }]]),
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
