/// <reference lib="deno.ns" />
/** The edge under Deno, straight to the log. */
import type { NewEvent } from "@chappe/src/events";
import { createFiles } from "@chappe/src/files";
import { type BodyStore, type EventLog, LogUnavailableError } from "@chappe/src/log";
import type { LiveConsents } from "@chappe/src/recipients";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import { linksDisabled, type LiveSettings, tokenKeyOf } from "@chappe/src/settings";
import { createEdge } from "../app.ts";
import { createRecorder, type Outcome, type Recorder } from "../buffer.ts";
import { createIntake } from "../core/intake.ts";
import { clientAddress } from "./client_address.ts";
import { coreState } from "./core_state.ts";
import { type FileSpill, openFileSpill } from "./file_spill.ts";

export interface EdgeServerOptions {
  /** Port 0 takes a free one. */
  listen: { hostname: string; port: number };
  events: Pick<EventLog, "append" | "at">;
  bodies: Pick<BodyStore, "read">;
  settings: Pick<LiveSettings, "now" | "seq" | "unseal">;
  consents: LiveConsents;
  /** Shared with workers that report here (`/intake`); null: there is no intake. */
  intakeSecret: string | null;
  /** Whether other processes of ours listen on the same port, and the system spreads what comes (Linux). */
  sharePort?: boolean;
  /** Where hits wait while the log is away, and how much of them, bytes. */
  spill: { folder: string; maxBytes: number };
  /** Networks (CIDR) of proxies whose X-Forwarded-For is believed; none by default. */
  trustedProxies?: readonly string[];
  /** ms UTC. */
  now: () => number;
  /** Makes an event id (UUIDv7) for a time, ms UTC. */
  newId: (now: number) => string;
  logger: Logger;
  metrics: Metrics;
}

export interface EdgeServer {
  address: { hostname: string; port: number };
  /** Answers what is under way, for at most `drainMs`, writes the hits held, and lets go of the port. */
  close(drainMs: number): Promise<void>;
}

/** A hit takes about 2 KB of memory. */
const RECORDING = {
  maxBatch: 1000,
  maxWaitMs: 50,
  maxWaiting: 5000,
  maxHeld: 20_000,
  retryMs: 200,
};
/** How long an unsubscribe request waits to be on disk before it is told to come again, ms. */
const CONFIRM_MS = 5000;

/** @throws {Deno.errors.AddrInUse} when the port is taken. @throws when the spill's folder cannot be used. */
export async function startEdge(options: EdgeServerOptions): Promise<EdgeServer> {
  const { listen, events, bodies, settings, consents, now, newId, logger, metrics } = options;
  const spill = await openFileSpill({
    ...options.spill,
    now,
    onError: (error) => logger.error("spill-failed", { error: messageOf(error) }),
  });
  const recorder = startRecorder(events, spill, logger, metrics);
  const files = createFiles({ events, bodies });
  metrics.gauge("chappe_edge_files_reading", "Files that are being read", files.reading);
  const judgement = {
    keyOf: tokenKeyOf(settings),
    withdrawn: consents.withdrawn,
    disabled: linksDisabled(settings),
  };
  const app = createEdge({
    ...judgement,
    files,
    record: recorder.record,
    confirm: (event) => confirmWithin(CONFIRM_MS, recorder.confirm(event)),
    now,
    newId,
  });
  if (options.intakeSecret !== null) {
    const secret = options.intakeSecret;
    const state = () => coreState(settings, consents);
    app.route(
      "/intake",
      createIntake({ ...judgement, files, secret, state, confirm: recorder.confirm, now }),
    );
  }
  const proxies = options.trustedProxies ?? [];
  const addressOf = clientAddress(proxies);

  const abandon = new AbortController();

  const server = Deno.serve({
    ...listen,
    reusePort: options.sharePort ?? false,
    signal: abandon.signal,
    onListen: () => {},
    onError: (error) => {
      logger.error("edge-failed", { error: messageOf(error) });
      return new Response(null, { status: 500 });
    },
  }, (request, { remoteAddr }) => {
    const peer = remoteAddr.hostname;
    return app.fetch(request, {
      clientAddress: proxies.length === 0
        ? peer
        : addressOf(peer, request.headers.get("x-forwarded-for")),
    });
  });
  const { hostname, port } = server.addr;
  return {
    address: { hostname, port },
    async close(drainMs) {
      const drained = await within(drainMs, server.shutdown().then(() => true));
      if (!drained) abandon.abort();
      await recorder.close();
      spill.close();
    },
  };
}

function startRecorder(
  events: Pick<EventLog, "append">,
  spill: FileSpill,
  logger: Logger,
  metrics: Metrics,
): Recorder {
  const recorder = createRecorder({
    ...RECORDING,
    append: (batch: readonly NewEvent[]) => events.append(batch),
    spill,
    isPassing: (error) => error instanceof LogUnavailableError,
    onDropped: (count, error) => {
      metrics.count("chappe_edge_hits_dropped_total", "Hits that never came into the log", count);
      if (error !== undefined) logger.error("hits-refused", { count, error: messageOf(error) });
    },
  });
  metrics.gauge("chappe_edge_hits_held", "Hits answered, in memory only", recorder.held);
  metrics.gauge("chappe_edge_spill_bytes", "Hits on disk until the log takes them", spill.bytes);
  return recorder;
}

/** Only the log counts: what is kept on this disk is not acted on yet. */
async function confirmWithin(ms: number, outcome: Promise<Outcome>): Promise<boolean> {
  return await within(ms, outcome) === "written";
}

/** The result, or undefined when it takes longer. */
async function within<T>(ms: number, result: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) =>
    timer = setTimeout(() => resolve(undefined), ms)
  );
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
