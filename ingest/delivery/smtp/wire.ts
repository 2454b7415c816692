/** A socket that is written commands to and read replies from. */
import type { Socket } from "node:net";
import { messageOf } from "@chappe/src/runtime";
import { SmtpConnectionError, type SmtpProtocolError } from "./error.ts";
import { ReplyReader, type SmtpReply } from "./reply.ts";

interface Waiting {
  resolve(reply: SmtpReply): void;
  reject(error: Error): void;
}

/** Pieces in which a long message is handed to the network. */
const PIECE = 256 * 1024;

export class Wire {
  #reader = new ReplyReader();
  #replies: SmtpReply[] = [];
  #waiting: Waiting | null = null;
  #failure: Error | null = null;
  readonly #detach: () => void;

  /** @param peer names the other side in errors. */
  constructor(readonly socket: Socket, readonly peer: string) {
    const onData = (chunk: Uint8Array) => this.#take(chunk);
    const onError = (error: Error) => this.#fail(this.#lost(messageOf(error)));
    const onClose = () => this.#fail(this.#lost("connection closed"));
    socket.on("data", onData).on("error", onError).on("close", onClose).on("end", onClose);
    this.#detach = () => {
      socket.off("data", onData).off("error", onError).off("close", onClose).off("end", onClose);
      // A socket whose errors nobody listens to takes the process down.
      socket.on("error", () => {});
    };
  }

  /** Whether the connection still stands, as far as one can tell without trying. */
  get open(): boolean {
    return this.#failure === null;
  }

  /** Whether something came that nobody asked for, such as the 421 of a server tired of waiting. */
  get unread(): boolean {
    return this.#replies.length > 0;
  }

  write(bytes: string | Uint8Array): void {
    if (this.#failure === null) this.socket.write(bytes);
  }

  /**
   * Writes a message, waiting for the network between pieces. Stops early when the connection is
   * lost: the server may have said why before, so it is for {@link reply} to tell.
   */
  async writeContent(parts: readonly Buffer[], timeoutMs: number): Promise<void> {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    // One small copy is cheaper than several calls into the system.
    if (length <= PIECE) return this.write(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
    for (const part of parts) {
      for (let from = 0; from < part.length; from += PIECE) {
        if (this.#failure !== null) return;
        if (!this.socket.write(part.subarray(from, from + PIECE))) await this.#drained(timeoutMs);
      }
    }
  }

  /** The next reply. @throws {SmtpConnectionError} @throws {SmtpProtocolError} */
  reply(timeoutMs: number, phase: string): Promise<SmtpReply> {
    const next = this.#replies.shift();
    if (next !== undefined) return Promise.resolve(next);
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(this.#lost(`no answer to ${phase} within ${timeoutMs / 1000} s`));
        this.socket.destroy();
      }, timeoutMs);
      this.#waiting = {
        resolve: (reply) => (clearTimeout(timer), resolve(reply)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      };
    });
  }

  /** Hands the socket over to somebody else (TLS). */
  release(): Socket {
    this.#detach();
    return this.socket;
  }

  destroy(): void {
    this.#fail(this.#lost("connection closed by us"));
    this.socket.destroy();
  }

  #take(chunk: Uint8Array): void {
    let replies: SmtpReply[];
    try {
      replies = this.#reader.push(chunk);
    } catch (error) {
      this.#fail(error as SmtpProtocolError);
      this.socket.destroy();
      return;
    }
    this.#replies.push(...replies);
    if (this.#waiting === null || this.#replies.length === 0) return;
    const { resolve } = this.#waiting;
    this.#waiting = null;
    resolve(this.#replies.shift()!);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(this.#failure);
  }

  #lost(why: string): SmtpConnectionError {
    return new SmtpConnectionError(`${this.peer}: ${why}`);
  }

  #drained(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.socket.off("drain", done).off("close", done);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#fail(this.#lost("the message was not taken in time"));
        this.socket.destroy();
        done();
      }, timeoutMs);
      this.socket.on("drain", done).on("close", done);
    });
  }
}
