/**
 * TCP and TLS for the NATS client by Deno's own sockets. (The client's transport for Node leaves a
 * socket without a listener for a moment when it closes: a reset then ends the whole process.)
 */
import {
  checkOptions,
  type ConnectionOptions,
  extractProtocolMessage,
  INFO,
  NatsConnectionImpl,
  type Server,
  type ServerInfo,
  setTransportFactory,
  type Transport,
} from "@nats-io/nats-core/internal";
import type { NatsConnection } from "@nats-io/nats-core";
import { concat } from "./bytes.ts";

const READ_BYTES = 128 * 1024;

/** As the client's own `connect`, over this transport. */
export function connect(options: ConnectionOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new TcpTransport() });
  return NatsConnectionImpl.connect(options);
}

class TcpTransport implements Transport {
  readonly lang = "chappe";
  readonly version = "1";
  closeError?: Error;
  private socket: Deno.TcpConn | Deno.TlsConn | undefined;
  private encrypted = false;
  private done = false;
  private greeting: Uint8Array = new Uint8Array();
  private outgoing: Uint8Array[] = [];
  private writing: Promise<void> | undefined;
  private readonly whenClosed = Promise.withResolvers<void | Error>();

  get isClosed(): boolean {
    return this.done;
  }

  isEncrypted(): boolean {
    return this.encrypted;
  }

  closed(): Promise<void | Error> {
    return this.whenClosed.promise;
  }

  async connect(server: Server, options: ConnectionOptions): Promise<void> {
    const { hostname, port, tlsName } = server;
    const plain = await Deno.connect({ hostname, port });
    let socket: Deno.TcpConn | Deno.TlsConn = plain;
    try {
      plain.setNoDelay(true);
      const info = await this.greet(plain);
      checkOptions(info, options);
      this.encrypted = info.tls_required === true || Boolean(options.tls);
      if (this.encrypted) {
        socket = await Deno.startTls(plain, { hostname: tlsName || hostname });
        // The certificate is checked before anything is said, so that what is wrong with it is told.
        await socket.handshake();
      }
      if (this.done) throw new Error("given up");
      this.socket = socket;
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  send(frame: Uint8Array): void {
    if (this.done || this.socket === undefined) return;
    this.outgoing.push(frame);
    this.writing ??= this.write(this.socket);
  }

  /** Called when the server refused, or the client is done: what was sent goes out first. */
  async close(error?: Error): Promise<void> {
    if (this.done) return;
    if (error === undefined) await this.writing;
    this.end(error);
  }

  disconnect(): void {
    this.close();
  }

  discard(): void {
    this.done = true;
    this.letGo();
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    yield this.greeting;
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.done && this.socket !== undefined) {
      try {
        const count = await this.socket.read(buffer);
        if (count === null) break;
        // A copy of its own: messages stay views into it for as long as somebody holds them.
        yield buffer.slice(0, count);
      } catch (error) {
        this.end(error as Error);
      }
    }
    this.end();
  }

  /** The server speaks first: one line that says what it is. */
  private async greet(socket: Deno.Conn): Promise<ServerInfo> {
    for (let line = ""; line === ""; line = extractProtocolMessage(this.greeting)) {
      const chunk = new Uint8Array(READ_BYTES);
      const count = await socket.read(chunk);
      if (count === null) throw new Error("the server closed the connection");
      this.greeting = concat([this.greeting, chunk.subarray(0, count)]);
    }
    const info = INFO.exec(extractProtocolMessage(this.greeting));
    if (info === null) throw new Error("not a NATS server");
    return JSON.parse(info[1]!) as ServerInfo;
  }

  private async write(socket: Deno.Conn): Promise<void> {
    while (this.outgoing.length > 0) {
      const frames = this.outgoing.splice(0);
      const bytes = frames.length === 1 ? frames[0]! : concat(frames);
      try {
        for (let sent = 0; sent < bytes.length;) sent += await socket.write(bytes.subarray(sent));
      } catch (error) {
        return this.end(error as Error);
      }
    }
    // In the same turn in which nothing was left: what is sent next starts anew, and waits for nobody.
    this.writing = undefined;
  }

  private end(error?: Error): void {
    if (this.done) return;
    this.done = true;
    this.closeError = error;
    const wasConnected = this.socket !== undefined;
    this.letGo();
    // A connection that never stood is nobody's loss.
    if (wasConnected) this.whenClosed.resolve(error);
  }

  private letGo(): void {
    this.socket?.close();
    this.socket = undefined;
  }
}
