/** From an address to a session: TCP, greeting, EHLO, and STARTTLS where it is offered (RFC 3207). */
import net, { type Socket } from "node:net";
import tls from "node:tls";
import { messageOf } from "@chappe/src/runtime";
import { SmtpConnectionError, SmtpRefusedError, SmtpTlsError } from "./error.ts";
import { type Extensions, NO_EXTENSIONS, readExtensions } from "./extensions.ts";
import { recordOf } from "./reply.ts";
import { Session, type TlsDetails } from "./session.ts";
import type { Timeouts } from "./timeouts.ts";
import { Wire } from "./wire.ts";

export interface Endpoint {
  /** Host name, for TLS and for the log. */
  readonly host: string;
  /** IP address, or a name for the system to look up. */
  readonly address: string;
  readonly port: number;
  /** Source IP address to bind to; null leaves it to the system. */
  readonly source: string | null;
}

export interface Manner {
  /** What we call ourselves in EHLO. */
  readonly hostname: string;
  /** Whether to take STARTTLS when it is offered. Certificates are not checked: any encryption is
   * better than the clear text that would be the alternative (RFC 7435). */
  readonly startTls: boolean;
  readonly timeouts: Timeouts;
  /** Cuts the connection, whatever it is doing. */
  readonly signal: AbortSignal;
}

/**
 * @throws {SmtpConnectionError} @throws {SmtpProtocolError}
 * @throws {SmtpRefusedError} when the server answers but wants no mail.
 * @throws {SmtpTlsError} when the handshake fails: try again without `startTls`.
 */
export async function openSession(endpoint: Endpoint, manner: Manner): Promise<Session> {
  const { timeouts } = manner;
  const peer = `${endpoint.host}[${endpoint.address}]:${endpoint.port}`;
  let wire = new Wire(await connect(endpoint, peer, manner), peer);
  try {
    const greeting = await wire.reply(timeouts.greeting, "connection");
    if (greeting.code !== 220) throw new SmtpRefusedError(recordOf(greeting));
    let extensions = await hello(wire, manner);
    let details: TlsDetails | null = null;
    if (extensions.startTls && manner.startTls) {
      wire.write("STARTTLS\r\n");
      const answer = await wire.reply(timeouts.command, "STARTTLS");
      // Offered and then refused: the session goes on in clear.
      if (answer.code === 220) {
        if (wire.unread) throw new SmtpTlsError(`${peer}: spoke in clear after STARTTLS`);
        const secure = await encrypt(wire.release(), endpoint.host, peer, timeouts.command);
        details = {
          version: secure.getProtocol() ?? "unknown",
          cipher: secure.getCipher()?.name ?? "unknown",
        };
        wire = new Wire(secure, peer);
        extensions = await hello(wire, manner);
      }
    }
    return new Session(wire, endpoint.host, extensions, details, timeouts);
  } catch (error) {
    wire.destroy();
    throw error;
  }
}

function connect(
  endpoint: Endpoint,
  peer: string,
  { timeouts, signal }: Manner,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({
      host: endpoint.address,
      port: endpoint.port,
      ...endpoint.source === null ? {} : { localAddress: endpoint.source },
    });
    const cut = () => socket.destroy();
    signal.addEventListener("abort", cut);
    socket.once("close", () => signal.removeEventListener("abort", cut));
    const settled = () => {
      clearTimeout(timer);
      socket.off("error", onError).off("close", onClose);
    };
    const fail = (why: string) => {
      settled();
      socket.destroy();
      reject(new SmtpConnectionError(`${peer}: ${why}`));
    };
    const seconds = timeouts.connect / 1000;
    const timer = setTimeout(() => fail(`no connection within ${seconds} s`), timeouts.connect);
    const onError = (error: Error) => fail(messageOf(error));
    const onClose = () => fail("connection closed");
    socket.on("error", onError).on("close", onClose);
    socket.once("connect", () => {
      settled();
      socket.setNoDelay(true);
      resolve(socket);
    });
    if (signal.aborted) cut();
  });
}

async function hello(wire: Wire, { hostname, timeouts }: Manner): Promise<Extensions> {
  wire.write(`EHLO ${hostname}\r\n`);
  const ehlo = await wire.reply(timeouts.command, "EHLO");
  if (ehlo.code === 250) return readExtensions(ehlo.lines);
  if (ehlo.code < 500) throw new SmtpRefusedError(recordOf(ehlo));
  wire.write(`HELO ${hostname}\r\n`);
  const helo = await wire.reply(timeouts.command, "HELO");
  if (helo.code !== 250) throw new SmtpRefusedError(recordOf(helo));
  return NO_EXTENSIONS;
}

function encrypt(
  socket: Socket,
  host: string,
  peer: string,
  timeoutMs: number,
): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = tls.connect({
      socket,
      rejectUnauthorized: false,
      ...net.isIP(host) === 0 ? { servername: host } : {},
    });
    const fail = (why: string) => {
      clearTimeout(timer);
      secure.destroy();
      socket.destroy();
      reject(new SmtpTlsError(`${peer}: TLS handshake: ${why}`));
    };
    const timer = setTimeout(() => fail(`not done within ${timeoutMs / 1000} s`), timeoutMs);
    const onError = (error: Error) => fail(messageOf(error));
    const onClose = () => fail("connection closed");
    secure.on("error", onError).on("close", onClose);
    secure.once("secureConnect", () => {
      clearTimeout(timer);
      secure.off("error", onError).off("close", onClose);
      resolve(secure);
    });
  });
}
