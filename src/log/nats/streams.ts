/** The streams, and what each promises. */
import {
  type DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  type StorageType,
  type StreamConfig,
} from "@nats-io/jetstream";

export const EVENTS = "EVENTS";
export const BODIES = "BODIES";
export const QUEUE = "QUEUE";
export const COUNTERS = "COUNTERS";
export const MAILBOX = "MAILBOX";
export const MEMOS = "MEMOS";
export const REGISTERS = "REGISTERS";
export const STREAMS = [EVENTS, BODIES, QUEUE, COUNTERS, MAILBOX, MEMOS, REGISTERS] as const;

const MIB = 1024 * 1024;
const SECOND = 1_000_000_000;
const DAY = 86_400 * SECOND;

/** How long an id is remembered: the same one again within this time does nothing. */
export const DUPLICATES_NS = 120 * SECOND;

const COUNTERS_AGE_NS = 40 * DAY;
const MEMOS_AGE_NS = 2 * DAY;
const MAILBOX_BYTES = 256 * MIB;
const STREAM_NOT_FOUND = 10059;

export interface StreamLimits {
  /** Disk for all streams together, in bytes; each has its share. */
  storeBytes: number;
  replicas: number;
  bodiesDays: number;
}

/** The bytes each stream may take; counters and registers need hardly any. */
export function shares(storeBytes: number) {
  const mailbox = Math.min(MAILBOX_BYTES, Math.floor(storeBytes / 20));
  const rest = storeBytes - mailbox;
  return {
    events: Math.floor(rest * 0.5),
    bodies: Math.floor(rest * 0.35),
    queue: Math.floor(rest * 0.1),
    memos: Math.floor(rest * 0.02),
    mailbox,
  };
}

type Config = Partial<StreamConfig> & { name: string };

/** Nothing is thrown away to make room, except where a stream says so. */
export function streamConfigs(limits: StreamLimits): Config[] {
  const bytes = shares(limits.storeBytes);
  const bodiesAge = limits.bodiesDays * DAY;
  const base = {
    storage: "file" as StorageType,
    discard: "new" as DiscardPolicy,
    num_replicas: limits.replicas,
    allow_direct: true,
    duplicate_window: DUPLICATES_NS,
  };
  return [
    {
      ...base,
      name: EVENTS,
      subjects: ["events.*"],
      max_bytes: bytes.events,
      compression: "s2",
      deny_delete: true,
      deny_purge: true,
    },
    {
      ...base,
      name: BODIES,
      subjects: ["bodies"],
      max_bytes: bytes.bodies,
      max_age: bodiesAge,
      duplicate_window: Math.min(DUPLICATES_NS, bodiesAge),
      deny_delete: true,
    },
    {
      ...base,
      // Scheduling rules out `discard: new`; without a limit nothing is discarded either. The
      // queue keeps its share by itself (queue_limit), and removes what is done (queue_sweep).
      name: QUEUE,
      subjects: ["jobs.*", "timers.>"],
      discard: "old",
      allow_msg_schedules: true,
      allow_atomic: true,
    },
    {
      ...base,
      // A counter stream cannot refuse either. It holds one small message for each key, and forgets
      // those that nobody counts on any more: hours and days long past.
      name: COUNTERS,
      max_age: COUNTERS_AGE_NS,
      subjects: ["counters.>"],
      discard: "old",
      max_msgs_per_subject: 1,
      allow_msg_counter: true,
    },
    {
      ...base,
      name: MAILBOX,
      subjects: ["mailbox"],
      max_bytes: bytes.mailbox,
      max_msgs: 10_000,
      discard: "old",
    },
    {
      ...base,
      // One small message for each key. Full means refused: a memo forgotten early is a repeat that
      // counts twice.
      name: MEMOS,
      subjects: ["memos.*"],
      max_bytes: bytes.memos,
      max_age: MEMOS_AGE_NS,
      max_msgs_per_subject: 1,
    },
    {
      ...base,
      // As the counters: one small message for each key, forgotten when nobody writes it any more.
      name: REGISTERS,
      subjects: ["registers.>"],
      max_age: COUNTERS_AGE_NS,
      max_msgs_per_subject: 1,
    },
  ];
}

/** Makes the streams, or brings those that stand to this configuration. */
export async function ensureStreams(jsm: JetStreamManager, limits: StreamLimits): Promise<void> {
  for (const config of streamConfigs(limits)) {
    // Looked up first: the server would reserve the disk a second time before it sees the name.
    const stands = await standing(jsm, config.name) ?? await make(jsm, config);
    if (differs(config, stands)) await jsm.streams.update(config.name, config);
  }
}

async function standing(jsm: JetStreamManager, name: string): Promise<StreamConfig | null> {
  try {
    return (await jsm.streams.info(name)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return null;
    throw error;
  }
}

async function make(jsm: JetStreamManager, config: Config): Promise<StreamConfig> {
  try {
    return (await jsm.streams.add(config)).config;
  } catch (error) {
    // Another process may have made it in between.
    const stands = await standing(jsm, config.name);
    if (stands === null) throw error;
    return stands;
  }
}

function differs(wanted: Config, stands: StreamConfig): boolean {
  return Object.entries(wanted).some(([key, value]) =>
    JSON.stringify(stands[key as keyof StreamConfig]) !== JSON.stringify(value)
  );
}
