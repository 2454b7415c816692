/** The writing half of the event log. */
import { type Family, familyOf, type NewEvent } from "../../events/mod.ts";
import { ConflictError, type Position } from "../port.ts";
import { concat } from "./bytes.ts";
import { encodeEvents } from "./commit_codec.ts";
import type { Connection } from "./connection.ts";
import { directGet } from "./direct.ts";
import { PACK_BYTES, WAITING_BYTES } from "./limits.ts";
import { Packer } from "./packer.ts";
import { publish } from "./publish.ts";
import { EVENTS } from "./streams.ts";

export interface AppendOptions {
  connection: Connection;
  limitMs: number;
  now: () => number;
}

/** The lines of one call and family: they stay together and in order. */
type Lines = readonly Uint8Array[];

export class Appender {
  private readonly packers = new Map<Family, Packer<Lines, Position[]>>();

  constructor(private readonly options: AppendOptions) {}

  async append(events: readonly NewEvent[]): Promise<Position[]> {
    const lines = this.encode(events);
    const positions = new Array<Position>(events.length);
    const indexes = Map.groupBy(events.keys(), (i) => familyOf(events[i]!.type));
    const commits: Promise<void>[] = [];
    for (const [family, ofFamily] of indexes) {
      for (const part of split(ofFamily, lines)) {
        const entry = part.map((i) => lines[i]!);
        const done = this.packer(family).add(entry, sum(entry)).then((given) => {
          part.forEach((i, n) => positions[i] = given[n]!);
        });
        commits.push(done);
      }
    }
    await Promise.all(commits);
    return positions;
  }

  async appendExpecting(events: readonly NewEvent[], expected: number): Promise<Position[]> {
    if (events.length === 0) return [];
    const family = familyOf(events[0]!.type);
    if (events.some((event) => familyOf(event.type) !== family)) {
      throw new RangeError("events that expect a sequence are all of one family");
    }
    const payload = concat(this.encode(events));
    if (payload.length > PACK_BYTES) {
      throw new RangeError(`${payload.length} bytes of events do not fit into one commit`);
    }
    const id = crypto.randomUUID();
    const seq = await this.publish(family, payload, id, this.options.limitMs, {
      "Nats-Expected-Last-Subject-Sequence": String(expected),
    }).catch(async (error) => {
      if (error instanceof ConflictError) {
        const own = await this.ownCommit(family, expected, id);
        if (own !== null) return own;
        throw new ConflictError(`family ${family} has moved on from ${expected}`);
      }
      throw error;
    });
    return events.map((_, index) => ({ seq, index }));
  }

  async idle(): Promise<void> {
    await Promise.all([...this.packers.values()].map((packer) => packer.idle()));
  }

  private encode(events: readonly NewEvent[]): Uint8Array[] {
    const lines = encodeEvents(events, this.options.now());
    const long = lines.findIndex((line) => line.length > PACK_BYTES);
    if (long >= 0) {
      const { length } = lines[long]!;
      throw new RangeError(`${events[long]!.type}: ${length} bytes are too many for one event`);
    }
    return lines;
  }

  private packer(family: Family): Packer<Lines, Position[]> {
    let packer = this.packers.get(family);
    if (packer === undefined) {
      packer = new Packer({
        maxBytes: PACK_BYTES,
        maxItems: Infinity,
        maxInFlight: 1,
        maxWaitingBytes: WAITING_BYTES,
        limitMs: this.options.limitMs,
        commit: async (entries, limitMs) => {
          const payload = concat(entries.flat());
          const seq = await this.publish(family, payload, crypto.randomUUID(), limitMs, {});
          let index = 0;
          return entries.map((lines) => lines.map(() => ({ seq, index: index++ })));
        },
      });
      this.packers.set(family, packer);
    }
    return packer;
  }

  private async publish(
    family: Family,
    payload: Uint8Array,
    id: string,
    limitMs: number,
    headers: Record<string, string>,
  ): Promise<number> {
    const all = { ...headers, "Nats-Msg-Id": id };
    return (await publish(this.options.connection, `events.${family}`, payload, all, limitMs)).seq;
  }

  /** A retry finds the sequence moved on by its own first try, whose answer was lost. */
  private async ownCommit(family: Family, expected: number, id: string): Promise<number | null> {
    const { connection, limitMs } = this.options;
    const query = { seq: expected + 1, next_by_subj: `events.${family}` };
    const next = await directGet(connection, EVENTS, query, limitMs);
    return next?.headers?.get("Nats-Msg-Id") === id ? next.seq : null;
  }
}

/** Cuts a call's events into parts that fit into a commit each: nearly always one part. */
function split(indexes: readonly number[], lines: readonly Uint8Array[]): number[][] {
  const parts: number[][] = [[]];
  let bytes = 0;
  for (const i of indexes) {
    bytes += lines[i]!.length;
    if (bytes > PACK_BYTES && parts.at(-1)!.length > 0) {
      parts.push([]);
      bytes = lines[i]!.length;
    }
    parts.at(-1)!.push(i);
  }
  return parts;
}

function sum(parts: Lines): number {
  return parts.reduce((total, part) => total + part.length, 0);
}
