/// <reference lib="deno.ns" />
/// <reference lib="deno.unstable" />
/** The edge under Deno, straight to the log. */
import { familyOf, type Lines, LINES_BYTES, type NewEvent, writeLines } from "@chappe/src/events";
import { createFiles } from "@chappe/src/files";
import { type BodyStore, type EventLog, LogUnavailableError } from "@chappe/src/log";
import type { LiveConsents } from "@chappe/src/recipients";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import {
  linksDisabled,
  linksDisabledBefore,
  type LiveSettings,
  tokenKeyOf,
} from "@chappe/src/settings";
import { createEdge } from "../app.ts";
import { createRecorder, type Outcome, type Recorder } from "../buffer.ts";
import { createIntake } from "../core/intake.ts";
import { clientAddress } from "./client_address.ts";
import { coreState } from "./core_state.ts";
import { type FileSpill, openFileSpill } from "./file_spill.ts";
import { createAnswers } from "./front/answers.ts";
import { openFront } from "./front/front.ts";
import { createHitBuffer } from "./front/hit_buffer.ts";
import { startInner } from "./front/inner.ts";
import { LIMITS } from "./front/limits.ts";
import { createPlainHits } from "./front/plain_hits.ts";

export interface EdgeServerOptions {
  /** Port 0 takes a free one. */
  listen: { hostname: string; port: number };
  events: Pick<EventLog, "appendLines" | "at">;
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

/** Hits wait for each other while they are written out, and again for what else there is. */
const WRITING = { maxHits: 1000, maxWaitMs: 15 };
/** A hit takes about 700 bytes; one to a very long target a hundred times as much. */
const RECORDING = {
  maxBatch: 1000,
  maxWaitMs: 35,
  maxWaitingBytes: 4 * 1024 * 1024,
  maxHeldBytes: 16 * 1024 * 1024,
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
  const hits = createHitBuffer({ take: recorder.record, ...WRITING });
  metrics.gauge(
    "chappe_edge_hits_held",
    "Hits answered, in memory only",
    () => hits.held() + recorder.held(),
  );
  const written = (event: NewEvent) =>
    writeLines(familyOf(event.type), [event], now(), LINES_BYTES)[0]!;
  const files = createFiles({ events, bodies });
  metrics.gauge("chappe_edge_files_reading", "Files that are being read", files.reading);
  const judgement = {
    keyOf: tokenKeyOf(settings),
    withdrawn: consents.withdrawn,
    disabled: linksDisabled(settings),
  };
  const app = createEdge({
    ...judgement,
    record: (event) => recorder.record(written(event)),
    now,
    newId,
    files,
    confirm: (event) => confirmWithin(CONFIRM_MS, recorder.confirm(written(event))),
  });
  if (options.intakeSecret !== null) {
    const secret = options.intakeSecret;
    const state = () => coreState(settings, consents);
    app.route(
      "/intake",
      createIntake({
        keyOf: judgement.keyOf,
        withdrawn: consents.withdrawnBefore,
        disabled: linksDisabledBefore(settings),
        files,
        secret,
        state,
        confirm: (event) => recorder.confirm(written(event)),
        now,
      }),
    );
  }
  const proxies = options.trustedProxies ?? [];
  const addressOf = proxies.length === 0 ? (peer: string) => peer : clientAddress(proxies);
  const onError = (error: unknown) => logger.error("edge-failed", { error: messageOf(error) });

  const listener = Deno.listen({ ...listen, reusePort: options.sharePort ?? false });
  const { hostname, port } = listener.addr;
  const inner = startInner((request, peer) => {
    const forwardedFor = request.headers.get("x-forwarded-for");
    return app.fetch(request, { clientAddress: addressOf(peer, forwardedFor) });
  }, onError);
  const front = openFront(listener, {
    hits: createPlainHits({
      ...judgement,
      record: hits.write,
      now,
      newId,
      answers: createAnswers(now),
      addressOf,
    }),
    inner,
    limits: LIMITS,
  }, onError);
  metrics.gauge("chappe_edge_connections", "Connections of clients", front.connections);
  return {
    address: { hostname, port },
    async close(drainMs) {
      const drained = await within(drainMs, front.shutdown().then(() => true));
      if (!drained) front.abort();
      await inner.close();
      hits.flush();
      await recorder.close();
      spill.close();
    },
  };
}

function startRecorder(
  events: Pick<EventLog, "appendLines">,
  spill: FileSpill,
  logger: Logger,
  metrics: Metrics,
): Recorder<Lines> {
  const recorder = createRecorder({
    ...RECORDING,
    append: (pieces: readonly Lines[]) => events.appendLines(pieces),
    spill,
    isPassing: (error) => error instanceof LogUnavailableError,
    onDropped: (count, error) => {
      metrics.count("chappe_edge_hits_dropped_total", "Hits that never came into the log", count);
      if (error !== undefined) logger.error("hits-refused", { count, error: messageOf(error) });
    },
  });
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
