/** The writing half of the event log. */
import { type Family, familyOf, type Lines, type NewEvent, writeLines } from "../../events/mod.ts";
import { ConflictError, type Position } from "../port.ts";
import { concat } from "./bytes.ts";
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

export class Appender {
  private readonly packers = new Map<Family, Packer<Lines, Position>>();

  constructor(private readonly options: AppendOptions) {}

  async append(events: readonly NewEvent[]): Promise<Position[]> {
    const recorded = this.options.now();
    const pieces = [...Map.groupBy(events.keys(), (i) => familyOf(events[i]!.type))].flatMap(
      ([family, indexes]) => {
        let from = 0;
        return writeLines(family, indexes.map((i) => events[i]!), recorded, PACK_BYTES)
          .map((lines) => ({ lines, indexes: indexes.slice(from, from += lines.count) }));
      },
    );
    const positions = new Array<Position>(events.length);
    await Promise.all(pieces.map(async ({ lines, indexes }) => {
      const { seq, index } = await this.add(lines);
      indexes.forEach((i, n) => positions[i] = { seq, index: index + n });
    }));
    return positions;
  }

  async appendLines(pieces: readonly Lines[]): Promise<void> {
    await Promise.all(pieces.map((lines) => this.add(lines)));
  }

  async appendExpecting(events: readonly NewEvent[], expected: number): Promise<Position[]> {
    if (events.length === 0) return [];
    const family = familyOf(events[0]!.type);
    if (events.some((event) => familyOf(event.type) !== family)) {
      throw new RangeError("events that expect a sequence are all of one family");
    }
    const [lines, ...more] = writeLines(family, events, this.options.now(), PACK_BYTES);
    if (more.length > 0) throw new RangeError(`${events.length} events do not fit into one commit`);
    const id = crypto.randomUUID();
    const seq = await this.publish(family, lines!.bytes, id, this.options.limitMs, {
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

  private add(lines: Lines): Promise<Position> {
    return this.packer(lines.family).add(lines, lines.bytes.length);
  }

  private packer(family: Family): Packer<Lines, Position> {
    let packer = this.packers.get(family);
    if (packer === undefined) {
      packer = new Packer({
        maxBytes: PACK_BYTES,
        maxItems: Infinity,
        maxInFlight: 1,
        maxWaitingBytes: WAITING_BYTES,
        limitMs: this.options.limitMs,
        commit: async (entries, limitMs) => {
          const [first, ...more] = entries;
          const payload = more.length === 0
            ? first!.bytes
            : concat(entries.map(({ bytes }) => bytes));
          const seq = await this.publish(family, payload, crypto.randomUUID(), limitMs, {});
          let index = 0;
          return entries.map(({ count }) => {
            const first = { seq, index };
            index += count;
            return first;
          });
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
