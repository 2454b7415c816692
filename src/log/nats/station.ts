/** The log, complete, on one connection to NATS JetStream. */
import { jetstreamManager } from "@nats-io/jetstream";
import { FAMILIES } from "../../events/mod.ts";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import { LogUnavailableError, type Station } from "../port.ts";
import { Appender } from "./append.ts";
import { Bodies } from "./bodies.ts";
import { openConnection } from "./connection.ts";
import { createCounters } from "./counters.ts";
import { createMailbox } from "./mailbox.ts";
import { createMemos } from "./memos.ts";
import { createParty } from "./party.ts";
import { JobQueue } from "./queue.ts";
import { createRegisters } from "./registers.ts";
import { checkServer } from "./requirements.ts";
import { commitAt, lastSeq, readCommits } from "./read.ts";
import { ensureStreams, shares, STREAMS } from "./streams.ts";
import { subscribeCommits } from "./subscribe.ts";

export interface StationOptions {
  /** `nats://user:password@host:port`; several hosts separated by commas. */
  url: string;
  /** Disk that all streams may take together, in bytes. Default 40 GiB. */
  storeBytes?: number;
  /** Copies of each stream in a cluster. Default 1. */
  replicas?: number;
  /** How long bodies are kept. Default 30 days. */
  bodiesDays?: number;
  /** How long anything may take before `LogUnavailableError`. Default 5000. */
  appendTimeoutMs?: number;
  /** How long a job may be claimed without `keep` before another worker gets it. Default 60,000. */
  ackWaitMs?: number;
  now: () => number;
  logger: Logger;
}

/**
 * Connects and makes the streams where they are missing. From then on it survives restarts of the
 * server. @throws {LogUnavailableError} when there is no server, or it refuses the streams.
 */
export async function connectStation(options: StationOptions): Promise<Station> {
  const { now, logger, appendTimeoutMs: limitMs = 5_000, ackWaitMs = 60_000 } = options;
  const connection = await openConnection(options.url, logger);
  const { nc } = connection;
  const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: limitMs });
  const storeBytes = options.storeBytes ?? 40 * 1024 ** 3;
  try {
    checkServer(nc.info!);
    await ensureStreams(jsm, {
      storeBytes,
      replicas: options.replicas ?? 1,
      bodiesDays: options.bodiesDays ?? 30,
    });
  } catch (cause) {
    await nc.close();
    if (cause instanceof LogUnavailableError) throw cause;
    throw new LogUnavailableError(`NATS refuses the streams: ${messageOf(cause)}`, { cause });
  }

  const appender = new Appender({ connection, limitMs, now });
  const bodies = new Bodies(connection, limitMs);
  const queue = new JobQueue({
    connection,
    jsm,
    limitMs,
    ackWaitMs,
    now,
    logger,
    maxBytes: shares(storeBytes).queue,
  });
  return {
    events: {
      append: (events) => appender.append(events),
      appendLines: (pieces) => appender.appendLines(pieces),
      appendExpecting: (events, expected) => appender.appendExpecting(events, expected),
      read: (options) => readCommits(connection, options, limitMs),
      at: (seq) => commitAt(connection, seq, limitMs),
      subscribe: (options) => subscribeCommits(connection, options, { ackWaitMs, logger }),
      lastSeq: (family) => lastSeq(connection, family ? [family] : FAMILIES, limitMs),
    },
    bodies,
    queue,
    counters: createCounters(connection, limitMs),
    memos: createMemos(connection, limitMs),
    registers: createRegisters(connection, limitMs),
    mailbox: createMailbox(connection, bodies, limitMs),
    party: createParty(connection, logger),
    connected: connection.connected,
    async usage() {
      try {
        const infos = await Promise.all(STREAMS.map((name) => jsm.streams.info(name)));
        return Object.fromEntries(infos.map(({ config, state }) => [
          config.name,
          { messages: state.messages, bytes: state.bytes, lastSeq: state.last_seq },
        ]));
      } catch (cause) {
        throw new LogUnavailableError(messageOf(cause), { cause });
      }
    },
    async close() {
      await Promise.all([appender.idle(), bodies.idle(), queue.idle()]);
      // Readers that were told to stop a moment ago leave first: drained, they would be waited for.
      await new Promise((resolve) => setTimeout(resolve));
      // Draining lets acknowledgements out that were given a moment ago.
      await (connection.connected() ? nc.drain() : nc.close());
    },
  };
}
