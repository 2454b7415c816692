/** One question to one server, over UDP, and over TCP when the answer does not fit (RFC 7766). */
import dgram from "node:dgram";
import net from "node:net";
import { DnsFormatError, DnsUnavailableError } from "./error.ts";
import { decodeResponse, encodeQuery, type RecordType, type Response, TYPE } from "./message.ts";

export interface Server {
  /** IP address, in its shortest form. */
  readonly host: string;
  readonly port: number;
}

/**
 * Asks `server`. Each question goes out from a port of its own and with an id of its own, and only
 * an answer from that server to that question counts: others are not listened to (RFC 5452 §9).
 *
 * @throws {DnsUnavailableError} when no answer came in time. @throws {DnsFormatError} for a `name` that is none.
 */
export async function exchange(
  server: Server,
  name: string,
  type: RecordType,
  timeoutMs: number,
): Promise<Response> {
  const id = crypto.getRandomValues(new Uint16Array(1))[0]!;
  const query = encodeQuery(id, name, type);
  const fits = (response: Response) =>
    response.id === id && response.question.type === TYPE[type] &&
    response.question.name === name.replace(/\.$/, "").toLowerCase();
  const short = await overUdp(server, query, fits, timeoutMs);
  return short.truncated ? await overTcp(server, query, fits, timeoutMs) : short;
}

type Fits = (response: Response) => boolean;

function overUdp(
  server: Server,
  query: Uint8Array,
  fits: Fits,
  timeoutMs: number,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const socket = dgram.createSocket(net.isIPv6(server.host) ? "udp6" : "udp4");
  const timer = setTimeout(() => reject(noAnswer(server, "timed out")), timeoutMs);
  socket.on("error", (error) => reject(noAnswer(server, error.message)));
  socket.on("message", (bytes, from) => {
    if (from.port !== server.port || from.address !== server.host) return;
    const response = read(bytes);
    if (response !== null && fits(response)) resolve(response);
  });
  socket.send(query, server.port, server.host, (error) => {
    if (error) reject(noAnswer(server, error.message));
  });
  return promise.finally(() => {
    clearTimeout(timer);
    socket.close();
  });
}

function overTcp(
  server: Server,
  query: Uint8Array,
  fits: Fits,
  timeoutMs: number,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const timer = setTimeout(() => reject(noAnswer(server, "timed out")), timeoutMs);
  const socket = net.connect(server.port, server.host);
  socket.on("error", (error) => reject(noAnswer(server, error.message)));
  socket.on("close", () => reject(noAnswer(server, "connection closed")));
  socket.on("connect", () => {
    const framed = new Uint8Array(2 + query.length);
    new DataView(framed.buffer).setUint16(0, query.length);
    framed.set(query, 2);
    socket.write(framed);
  });
  let received = new Uint8Array(0);
  socket.on("data", (chunk) => {
    const bytes = chunk as Uint8Array; // a string only with an encoding set
    const joined = new Uint8Array(received.length + bytes.length);
    joined.set(received);
    joined.set(bytes, received.length);
    received = joined;
    if (received.length < 2) return;
    const size = received[0]! << 8 | received[1]!;
    if (received.length < 2 + size) return;
    const response = read(received.subarray(2, 2 + size));
    if (response !== null && fits(response) && !response.truncated) resolve(response);
    else reject(noAnswer(server, "answered something else"));
  });
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

/** Null for bytes that are no response: over UDP anybody may send them. */
function read(bytes: Uint8Array): Response | null {
  try {
    return decodeResponse(bytes);
  } catch (error) {
    if (error instanceof DnsFormatError) return null;
    throw error;
  }
}

function noAnswer(server: Server, why: string): DnsUnavailableError {
  return new DnsUnavailableError(`name server ${server.host}:${server.port}: ${why}`);
}
