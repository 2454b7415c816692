/** The reading half of the event log: commits in order, by a consumer that lives as long as the read. */
import type { ConsumerConfig } from "@nats-io/jetstream";
import type { Msg } from "@nats-io/nats-core";
import { FAMILIES, type Family, familyOf, readLines } from "../../events/mod.ts";
import { type Commit, type EventLog, LogUnavailableError } from "../port.ts";
import type { Connection } from "./connection.ts";
import { dropConsumer, ensureConsumer } from "./consumers.ts";
import { delivery } from "./delivery.ts";
import { directGet } from "./direct.ts";
import { pause } from "./pause.ts";
import { pull, Room } from "./pull.ts";
import { EVENTS } from "./streams.ts";

/** Commits fetched ahead of the reader. */
const AHEAD = 512;
const PAUSE_MS = 200;
/** The server removes the consumer of a reader that has gone. */
const FORGET_NS = 60_000_000_000;
/** `recorded` is our clock's, the stream's time the server's: they may differ by this. */
const SKEW_MS = 60_000;

type ReadOptions = Parameters<EventLog["read"]>[0];

/** @throws {LogUnavailableError} when the log is away for `limitMs`; with `follow`, waits for it. */
export async function* readCommits(
  connection: Connection,
  options: ReadOptions,
  limitMs: number,
): AsyncGenerator<Commit> {
  const { families = FAMILIES, follow = false, signal, since } = options;
  let after = options.after ?? 0;
  let started = since === undefined;
  const until = follow ? Infinity : await lastSeq(connection, families, limitMs);

  while (after < until && !signal?.aborted) {
    try {
      const start = startOf(after, after === (options.after ?? 0) ? since : undefined);
      const config = { ...CONSUMER, ...start, filter_subjects: subjects(families) };
      const { name, pending } = await ensureConsumer(
        connection,
        EVENTS,
        config,
        limitMs,
        signal,
      );
      try {
        if (pending === 0 && !follow) return;
        for await (const message of inOrder(connection, name, signal)) {
          const commit = toCommit(message);
          after = commit.seq;
          started ||= commit.recorded >= since!;
          if (started) yield commit;
          if (after >= until) return;
        }
      } finally {
        // Many short readings in a minute would come up against the server's limit.
        dropConsumer(connection, EVENTS, name);
      }
    } catch (error) {
      if (!follow || !(error instanceof LogUnavailableError)) throw error;
    }
    await pause(PAUSE_MS, signal);
  }
}

const CONSUMER = {
  ack_policy: "none",
  mem_storage: true,
  num_replicas: 1,
  inactive_threshold: FORGET_NS,
} satisfies Partial<ConsumerConfig>;

/** Sequence of the last commit of these families; 0 when there is none. */
export async function lastSeq(
  connection: Connection,
  families: readonly Family[],
  limitMs: number,
): Promise<number> {
  const last = await Promise.all(
    subjects(families).map((last_by_subj) =>
      directGet(connection, EVENTS, { last_by_subj }, limitMs)
    ),
  );
  return Math.max(0, ...last.map((stored) => stored?.seq ?? 0));
}

/** One commit, straight from the stream; null when there is none. */
export async function commitAt(
  connection: Connection,
  seq: number,
  limitMs: number,
): Promise<Commit | null> {
  const stored = await directGet(connection, EVENTS, { seq }, limitMs);
  const events = stored === null ? [] : readLines(stored.data);
  if (events[0] === undefined) return null;
  return { seq, family: familyOf(events[0].type), recorded: events[0].recorded, events };
}

export function subjects(families: readonly Family[]): string[] {
  return families.map((family) => `events.${family}`);
}

export function toCommit(message: Msg): Commit {
  const { seq, at } = delivery(message);
  const events = readLines(message.data);
  const family = message.subject.slice("events.".length) as Family;
  return { seq, family, recorded: events[0]?.recorded ?? at, events };
}

function startOf(after: number, since: number | undefined): Partial<ConsumerConfig> {
  if (since !== undefined) {
    const from = new Date(Math.max(0, since - SKEW_MS)).toISOString();
    return { deliver_policy: "by_start_time", opt_start_time: from };
  }
  return { deliver_policy: "by_start_sequence", opt_start_seq: after + 1 };
}

/** Ends where a message was missed: the reader then starts again after the last one it saw. */
async function* inOrder(
  connection: Connection,
  consumer: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Msg> {
  const room = new Room(AHEAD);
  let expected = 1;
  for await (const message of pull(connection, { stream: EVENTS, consumer, room, signal })) {
    if (delivery(message).consumerSeq !== expected++) return;
    yield message;
    room.give();
  }
}
