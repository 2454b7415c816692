/** Brings in what was laid aside, lane by lane, as the lanes get on. */
import type { JetStreamManager } from "@nats-io/jetstream";
import { derivedId } from "../../events/mod.ts";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import type { Connection } from "./connection.ts";
import { pullDurable } from "./consumers.ts";
import { type Item, packOf } from "./hold.ts";
import { pause } from "./pause.ts";
import { Room } from "./pull.ts";
import { QUEUE } from "./streams.ts";

export const PARKED = "parked.*.*";
/** Other nodes lay aside too: what there is, is asked for this often. */
const LOOK_MS = 2_000;
/** Packs of one lane waiting here. */
const PACKS = 2;
/** Lanes brought in at a time. */
const LANES = 64;
/** A consumer goes when nobody has pulled for so long, and with it what it knows of packs in hand. */
const UNUSED_NS = 24 * 3_600 * 1_000_000_000;
const NOT_FOUND = 10037;

export interface ParkedOptions {
  connection: Connection;
  jsm: JetStreamManager;
  ackWaitMs: number;
  lay(item: Item): Promise<void>;
  /** Some of a lane came in. */
  onItems(lane: string, items: readonly Item[]): void;
  /** Whether a lane has some laid aside. */
  onChange(lane: string, parked: boolean): void;
  signal: AbortSignal;
  logger: Logger;
}

export class ParkedLanes {
  private readonly active = new Map<string, { end: AbortController; since: number }>();
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly options: ParkedOptions) {}

  /** Some of it is being laid aside by this node. */
  note(lane: string): void {
    if (!this.active.has(lane)) this.start(lane);
  }

  /** Looks what there is, until the signal aborts. */
  async watch(): Promise<void> {
    const { jsm, signal, logger } = this.options;
    while (!signal.aborted) {
      const asked = performance.now();
      try {
        const { state } = await jsm.streams.info(QUEUE, { subjects_filter: PARKED });
        const lanes = new Set(Object.keys(state.subjects ?? {}).map((s) => s.split(".")[1]!));
        for (const [lane, { end, since }] of this.active) {
          if (!lanes.has(lane) && since < asked) end.abort();
        }
        for (const lane of lanes) {
          if (!this.active.has(lane) && this.active.size < LANES) this.start(lane);
        }
      } catch (error) {
        if (!signal.aborted) logger.warn("log.parked", { error: messageOf(error) });
      }
      await pause(LOOK_MS, signal);
    }
    await Promise.all(this.running);
  }

  private start(lane: string): void {
    const { signal, onChange } = this.options;
    if (signal.aborted) return;
    const end = new AbortController();
    const stop = () => end.abort();
    signal.addEventListener("abort", stop);
    this.active.set(lane, { end, since: performance.now() });
    onChange(lane, true);
    const running = this.bringIn(lane, end.signal).finally(() => {
      signal.removeEventListener("abort", stop);
      this.active.delete(lane);
      this.running.delete(running);
      onChange(lane, false);
    });
    this.running.add(running);
  }

  private async bringIn(lane: string, signal: AbortSignal): Promise<void> {
    const { connection, ackWaitMs, logger, lay, onItems } = this.options;
    const config = {
      durable_name: `parked-${derivedId(lane)}`,
      filter_subjects: [`parked.${lane}.*`],
      ack_policy: "explicit" as const,
      ack_wait: ackWaitMs * 1_000_000,
      inactive_threshold: UNUSED_NS,
    };
    const room = new Room(PACKS);
    const free = () => room.give();
    const remove = (seq: number) => this.remove(seq);
    for await (
      const message of pullDurable(connection, { stream: QUEUE, config, room, signal, logger })
    ) onItems(lane, packOf(connection, message, { free, remove, lay }));
  }

  private async remove(seq: number): Promise<void> {
    try {
      await this.options.jsm.streams.deleteMessage(QUEUE, seq, false);
    } catch (error) {
      if ((error as { code?: number }).code !== NOT_FOUND) {
        this.options.logger.warn("log.parked", { error: messageOf(error) });
        throw error;
      }
    }
  }
}
