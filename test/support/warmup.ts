/**
 * A day of sending that takes seconds: one clock for nodes, receiver and test, which stands still
 * while anything is under way, and is moved on by the test. So what the receiver sees in an hour is
 * no matter of how fast the machine is.
 */
import type { Job } from "@chappe/src/log";
import { event, type EventData, uuidv7 } from "@chappe/src/events";
import { followSending } from "@chappe/src/follow";
import type { Station } from "@chappe/src/log";
import { STANDARD_RETRY } from "@chappe/src/rules";
import { startNode } from "../../ingest/delivery/test_node.ts";
import { TIMEOUTS } from "../../ingest/delivery/smtp/mod.ts";
import { plainServer, startPeer } from "../../ingest/delivery/smtp/test_peer.ts";
import { deliveryJob, until } from "../../ingest/test_station.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Long ago, so that no node takes the log's own times for those of another day of the test. */
export const START = Date.UTC(2025, 0, 15);
export const DEDICATED = ["127.0.0.11", "127.0.0.12"];
export const OTHER = "127.0.0.13";

export interface Arrival {
  from: string;
  /** By the clock of the test. */
  at: number;
  copy: string;
}

/** Where the receiver may keep a transaction: before any of it is answered, or when it has all of it. */
export type Stage = "MAIL" | "end";

/** A server that notes who brought what, and when. */
export function startReceiver(clock: { at: number }) {
  const arrivals: Arrival[] = [];
  let open = 0;
  let hold: { stage: Stage; held: number; over: PromiseWithResolvers<void> } | null = null;
  async function reached(stage: Stage, from: string): Promise<void> {
    if (hold?.stage !== stage || !DEDICATED.includes(from)) return;
    hold.held++;
    await hold.over.promise;
  }
  const peer = startPeer(async (p) => {
    let mine = 0;
    const slow = {
      ...p,
      async line() {
        const line = await p.line();
        if (line?.startsWith("MAIL")) {
          mine = ++open && 1;
          await reached("MAIL", p.from);
        }
        return line;
      },
      async content() {
        const content = await p.content();
        if (content === null) return null;
        arrivals.push({ from: p.from, at: clock.at, copy: content.split("\r\n").at(-1)! });
        open -= mine;
        mine = 0;
        await reached("end", p.from);
        return content;
      },
    };
    try {
      await plainServer(slow, { extensions: ["PIPELINING"] });
    } finally {
      open -= mine;
    }
  });
  return Object.assign(peer, {
    arrivals,
    /** Nothing that was begun is still under way. */
    quiet: () => until(() => open === 0),
    copies: () => new Set(arrivals.map(({ copy }) => copy)).size,
    /** Keeps what the new addresses bring at `stage` until `letGo`. */
    hold(stage: Stage) {
      const here = { stage, held: 0, over: Promise.withResolvers<void>() };
      hold = here;
      return {
        held: () => here.held,
        letGo() {
          hold = null;
          here.over.resolve();
        },
      };
    },
  });
}

/** Two addresses on the first day of their warm-up, and a shared one for what they may not send. */
export function settings({ overflow }: { overflow: string | null }) {
  const envelope = (account = "platform") => ({ id: uuidv7(START), account, at: START });
  const address = (
    address: string,
    pool: string,
    standing: EventData<"settings.address-added">["standing"],
  ) =>
    event("settings.address-added", envelope(), {
      address,
      ehlo: "out.example",
      pool,
      calendar: "default",
      standing,
    });
  return [
    event("settings.pool-created", envelope(), { pool: "own", kind: "dedicated", owner: "acme" }),
    event("settings.pools-assigned", envelope("acme"), { pools: ["own"], overflow }),
    ...DEDICATED.map((ip) => address(ip, "own", { kind: "warming", day: 1, date: "2025-01-15" })),
    address(OTHER, "shared", { kind: "warm" }),
  ];
}

export interface NodeOptions {
  clock: { at: number };
  /** Port of the receiver. */
  port: number;
}

/** A delivery node on the clock of the test. `stop` to be called before its station is closed. */
export async function startClockedNode(station: Station, { clock, port }: NodeOptions) {
  const over = new AbortController();
  const sending = await followSending({
    events: station.events,
    signal: over.signal,
    onError: () => {},
  });
  const node = startNode({ station }, {
    sending,
    mode: { kind: "relay", host: "127.0.0.1", port },
    now: () => clock.at,
    retry: STANDARD_RETRY,
    // The receiver may keep it waiting for as long as the test likes.
    timeouts: TIMEOUTS,
    maxInFlight: 200,
  });
  return {
    sending,
    async stop() {
      await node.stop(1000);
      over.abort();
    },
  };
}

/** A station whose timers go by the clock of the test, and that knows when nothing is left to do. */
export function clocked(station: Station, clock: { at: number }) {
  const timers: { job: Job<unknown>; at: number }[] = [];
  let owed = 0;
  let released = 0;
  const enqueue: Station["queue"]["enqueue"] = (jobs) => {
    owed += jobs.length;
    return station.queue.enqueue(jobs);
  };
  const queue: Station["queue"] = {
    enqueue,
    depth: () => station.queue.depth(),
    async *claim<T>(options: Parameters<Station["queue"]["claim"]>[0]) {
      for await (const claim of station.queue.claim<T>(options)) {
        yield {
          ...claim,
          ack() {
            owed--;
            claim.ack();
          },
          release(delayMs = 0) {
            const { id, lane, data } = claim;
            timers.push({ job: { id: `${id}.${released++}`, lane, data }, at: clock.at + delayMs });
            this.ack();
          },
        };
      }
    },
    schedule(job, at) {
      timers.push({ job, at });
      return Promise.resolve();
    },
  };
  return {
    station: { ...station, queue },
    waiting: () => timers.length,
    /** Everything that was in the queue is sent, or put back. */
    idle: () => until(() => owed === 0),
    /** Puts into the queue what is due. */
    async wake(now: number) {
      const due = timers.filter(({ at }) => at <= now);
      timers.splice(0, timers.length, ...timers.filter(({ at }) => at > now));
      await enqueue(due.map(({ job }) => job));
    },
  };
}

let made = 0;
export function copies(count: number, acceptedAt: number): Job<unknown>[] {
  return Array.from(
    { length: count },
    () => deliveryJob(`r${made++}@example.net`, { account: "acme", acceptedAt }),
  );
}

/** How many of `total` come in each step, evenly, from `start` to `end`; never so close to the end
 * of an hour that nothing may begin any more; and a moment before that end, when nothing does. */
export function* steps(start: number, end: number, total: number, perHour: number) {
  const count = Math.round((end - start) / HOUR * perHour);
  for (let i = 0; i < count; i++) {
    const at = start + i * HOUR / perHour + 1;
    yield { at, arriving: Math.floor(total * (i + 1) / count) - Math.floor(total * i / count) };
    if ((i + 1) % perHour === 0) yield { at: at - 1 + HOUR / perHour - 1000, arriving: 0 };
  }
}

/** Arrivals from an address, by hour of the UTC day. */
export function hoursOf(arrivals: readonly Arrival[], ip: string, day = START): number[] {
  const hours = Array<number>(24).fill(0);
  for (const { from, at } of arrivals) {
    if (from === ip && at >= day && at < day + DAY) hours[Math.floor((at - day) / HOUR)]!++;
  }
  return hours;
}
