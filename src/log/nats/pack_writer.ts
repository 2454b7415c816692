/**
 * Jobs that are not wanted now, many to a message: those with a time, which JetStream puts back into
 * the queue when it comes (NATS ADR-51), and those of lanes that have more than is being worked on.
 * By themselves each would cost the server a kilobyte of memory, and two fsyncs when it comes due.
 */
import { BATCH_ITEMS, type Outgoing, publishAll } from "./batch.ts";
import { concat } from "./bytes.ts";
import type { Connection } from "./connection.ts";
import { PACK_BYTES, WAITING_BYTES } from "./limits.ts";
import { Packer } from "./packer.ts";
import { slotOf } from "./slot.ts";

/** Jobs in one pack. A worker holds a pack for as long as its slowest job takes. */
export const PACK_JOBS = 250;
const IN_FLIGHT = 2;
/** Longer than any job is scheduled ahead, so that whoever looks later has nothing to fear. */
const TWINS_AGE = "120h";

interface Line {
  readonly bytes: Uint8Array;
  /** Lines of the same group share messages. */
  readonly group: string;
  readonly wrap: (payload: Uint8Array, count: number, id: string) => Outgoing;
}

export class PackWriter {
  private readonly packer: Packer<Line, undefined>;

  constructor(
    connection: Connection,
    limitMs: number,
    private readonly now: () => number,
  ) {
    this.packer = new Packer<Line, undefined>({
      maxBytes: PACK_BYTES,
      maxItems: BATCH_ITEMS,
      maxInFlight: IN_FLIGHT,
      maxWaitingBytes: WAITING_BYTES,
      limitMs,
      commit: async (lines, limitMs) => {
        await publishAll(connection, pack(lines), limitMs);
        return lines.map(() => undefined);
      },
    });
  }

  /** @param text with its lane in front. @param at ms UTC. @throws {LogUnavailableError} */
  schedule(text: string, at: number): Promise<void> {
    const slot = slotOf(at, this.now());
    return this.add(`timers ${slot}`, text, (payload, count, id) => ({
      subject: `timers.P${count}.${id}`,
      payload,
      headers: {
        "Nats-Msg-Id": id,
        "Nats-Schedule": `@at ${new Date(slot).toISOString()}`,
        "Nats-Schedule-Target": "due",
      },
    }));
  }

  /** @param text with its lane in front. @throws {LogUnavailableError} */
  park(lane: string, text: string): Promise<void> {
    return this.add(`parked ${lane}`, text, (payload, count, id) => ({
      subject: `parked.${lane}.${count}`,
      payload,
      headers: { "Nats-Msg-Id": id },
    }));
  }

  /** Notes that there may be two jobs of this id. @throws {LogUnavailableError} */
  noteTwin(id: string): Promise<void> {
    return this.add("twins", JSON.stringify(id), (payload, _, id) => ({
      subject: "twins",
      payload,
      headers: { "Nats-Msg-Id": id, "Nats-TTL": TWINS_AGE },
    }));
  }

  idle(): Promise<void> {
    return this.packer.idle();
  }

  private add(group: string, text: string, wrap: Line["wrap"]): Promise<void> {
    const bytes = new TextEncoder().encode(`${text}\n`);
    return this.packer.add({ bytes, group, wrap }, bytes.length);
  }
}

function pack(lines: readonly Line[]): Outgoing[] {
  const packs: Outgoing[] = [];
  for (const group of Map.groupBy(lines, (line) => line.group).values()) {
    for (let i = 0; i < group.length; i += PACK_JOBS) {
      const some = group.slice(i, i + PACK_JOBS);
      const payload = concat(some.map((line) => line.bytes));
      packs.push(some[0]!.wrap(payload, some.length, crypto.randomUUID()));
    }
  }
  return packs;
}

/** The texts in a pack. */
export function unpack(payload: Uint8Array): string[] {
  return new TextDecoder().decode(payload).split("\n").slice(0, -1);
}

/** How many jobs a subject's messages hold each: a pack says it, and any other is one. */
export function jobsIn(subject: string): number {
  const [kind, first, second] = subject.split(".");
  if (kind === "parked") return Number(second);
  return kind === "timers" && first!.startsWith("P") ? Number(first!.slice(1)) : 1;
}
