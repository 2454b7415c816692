/** Bodies: several small ones share a message and its fsync, a large one is cut into several. */
import { BodyGoneError, type BodyStore } from "../port.ts";
import { formatReference, parseReference, type Part } from "./body_reference.ts";
import { ByteCache } from "./byte_cache.ts";
import { concat } from "./bytes.ts";
import type { Connection } from "./connection.ts";
import { directGet } from "./direct.ts";
import { PACK_BYTES, WAITING_BYTES } from "./limits.ts";
import { Packer } from "./packer.ts";
import { publish } from "./publish.ts";
import { BODIES } from "./streams.ts";

/** Neighbours are read together, mostly soon after they were written. */
const CACHE_BYTES = 32 * 1024 * 1024;
const IN_FLIGHT = 3;

export class Bodies implements BodyStore {
  private readonly packer: Packer<Uint8Array, Part>;
  private readonly cache = new ByteCache(CACHE_BYTES);
  private readonly fetching = new Map<number, Promise<Uint8Array | null>>();

  constructor(private readonly connection: Connection, private readonly limitMs: number) {
    this.packer = new Packer({
      maxBytes: PACK_BYTES,
      maxItems: Infinity,
      maxInFlight: IN_FLIGHT,
      maxWaitingBytes: WAITING_BYTES,
      limitMs,
      commit: (pieces, limitMs) => this.write(pieces, limitMs),
    });
  }

  async put(bytes: Uint8Array): Promise<string> {
    const pieces: Promise<Part>[] = [];
    for (let from = 0; from === 0 || from < bytes.length; from += PACK_BYTES) {
      const piece = bytes.subarray(from, from + PACK_BYTES);
      pieces.push(this.packer.add(piece, piece.length));
    }
    return formatReference(await Promise.all(pieces));
  }

  async get(reference: string): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for (const part of partsOf(reference)) pieces.push(await this.piece(part, reference));
    return concat(pieces);
  }

  async *read(reference: string, start: number, end: number): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (const part of partsOf(reference)) {
      const [from, to] = [Math.max(start - at, 0), Math.min(end - at, part.length)];
      if (from < to) yield (await this.piece(part, reference)).subarray(from, to);
      at += part.length;
    }
    if (end > at) throw new BodyGoneError(`body ${reference.slice(0, 60)} ends at ${at}`);
  }

  idle(): Promise<void> {
    return this.packer.idle();
  }

  private async write(pieces: readonly Uint8Array[], limitMs: number): Promise<Part[]> {
    const pack = concat(pieces);
    const headers = { "Nats-Msg-Id": crypto.randomUUID() };
    const { seq } = await publish(this.connection, "bodies", pack, headers, limitMs);
    this.cache.set(seq, pack);
    let end = 0;
    return pieces.map(({ length }) => ({ seq, offset: (end += length) - length, length }));
  }

  private async piece({ seq, offset, length }: Part, reference: string): Promise<Uint8Array> {
    const pack = this.cache.get(seq) ?? await this.fetch(seq);
    if (pack === null || offset + length > pack.length) {
      throw new BodyGoneError(`body ${reference.slice(0, 60)} is no longer kept`);
    }
    return pack.subarray(offset, offset + length);
  }

  /** One request for all who want the same pack at the same time. */
  private fetch(seq: number): Promise<Uint8Array | null> {
    let request = this.fetching.get(seq);
    if (request === undefined) {
      request = directGet(this.connection, BODIES, { seq }, this.limitMs)
        .then((stored) => {
          if (stored !== null) this.cache.set(seq, stored.data);
          return stored?.data ?? null;
        })
        .finally(() => this.fetching.delete(seq));
      this.fetching.set(seq, request);
    }
    return request;
  }
}

/** @throws {BodyGoneError} */
function partsOf(reference: string): Part[] {
  const parts = parseReference(reference);
  if (parts === null) throw new BodyGoneError(`no reference to a body: ${reference.slice(0, 60)}`);
  return parts;
}
