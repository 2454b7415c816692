/// <reference lib="deno.ns" />
/**
 * One client's connection. Plain hits are answered here, one after another; with the first request
 * that is anything else, all of it goes to the inner server.
 */
import { Head, HEAD_BYTES, Incoming, type Plain } from "./head.ts";
import type { Inner } from "./inner.ts";
import type { PlainHits } from "./plain_hits.ts";
import type { Limits } from "./limits.ts";
import { closeQuietly, writeAll } from "./sockets.ts";
import { tunnel } from "./tunnel.ts";

/** What all connections share. */
export interface Host {
  hits: PlainHits;
  inner: Inner;
  limits: Limits;
  /** ms, about. */
  clock: () => number;
}

/** Nearly all redirects are shorter: so much more for a connection that clicks. */
const REDIRECT_BYTES = 1024;
const NO_ROOM = new Uint8Array();
const decoder = new TextDecoder();
/** One for all: what it has read is used up before anything else runs. */
const head = new Head();

export class Guest {
  /** When the connection is to be closed unless it gets on before, ms. */
  due = 0;
  /** Whether an answer is on its way. */
  isBusy = false;
  private isLeaving = false;
  private readonly peer: string;
  private inward: Deno.TcpConn | null = null;
  /** Made once, since an array costs more than what is written into it. */
  private room = NO_ROOM;

  constructor(private readonly socket: Deno.TcpConn, private readonly host: Host) {
    this.peer = (socket.remoteAddr as Deno.NetAddr).hostname;
    this.wait(host.limits.idleMs);
  }

  /** Resolves when the connection is over, however it ended. */
  async attend(): Promise<void> {
    try {
      const rest = await this.answerHits();
      if (rest !== null) await this.handOver(rest);
    } catch {
      // The client is gone, or was too slow.
    } finally {
      this.close();
    }
  }

  /** Takes no more requests. */
  leave(): void {
    this.isLeaving = true;
    if (!this.isBusy) this.close();
  }

  close(): void {
    closeQuietly(this.socket);
    if (this.inward !== null) this.host.inner.release(this.inward);
    this.inward = null;
  }

  /** Null when the connection is over; else what came that is not for us. */
  private async answerHits(): Promise<Uint8Array | null> {
    const { socket, host: { limits } } = this;
    const buffer = new Uint8Array(HEAD_BYTES);
    const incoming = new Incoming(buffer);
    let held = 0;
    while (held < buffer.length) {
      const count = await socket.read(held === 0 ? buffer : buffer.subarray(held));
      if (count === null) return null;
      if (held === 0) this.wait(limits.readingMs);
      held += count;
      let from = 0;
      while (from < held) {
        const reading = head.read(incoming, from, held);
        if (reading === "more") break;
        if (reading === "other") return buffer.slice(from, held);
        const { isLast, end } = head;
        const answer = this.answerTo(reading);
        this.isBusy = true;
        this.wait(limits.writingMs);
        const sent = await socket.write(answer);
        if (sent < answer.length) await writeAll(socket, answer.subarray(sent));
        this.isBusy = false;
        if (isLast || this.isLeaving) return null;
        from = end;
      }
      if (from === 0) continue;
      if (from < held) buffer.copyWithin(0, from, held);
      held -= from;
      this.wait(held === 0 ? limits.idleMs : limits.readingMs);
    }
    return buffer;
  }

  /** To what the head has just read. */
  private answerTo(reading: Plain): Uint8Array {
    if (reading === "click" && this.room === NO_ROOM) this.room = new Uint8Array(REDIRECT_BYTES);
    return this.host.hits.answer(reading, head, this.peer, this.room);
  }

  private async handOver(first: Uint8Array): Promise<void> {
    const { limits } = this.host;
    this.isBusy = true;
    this.wait(limits.thinkingMs);
    const isHttp2 = decoder.decode(first.subarray(0, 4)) === "PRI "; // RFC 9113 §3.4
    this.inward = await this.host.inner.connect(this.peer, isHttp2);
    await tunnel(
      this.socket,
      this.inward,
      first,
      () => this.wait(limits.thinkingMs),
      () => this.wait(limits.lingeringMs),
    );
  }

  private wait(ms: number): void {
    this.due = this.host.clock() + ms;
  }
}
