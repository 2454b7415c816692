/// <reference lib="deno.ns" />
/**
 * The runtime's own HTTP server, behind the front: on the loopback, for connections of the front
 * only. Each carries one client's, and ends with the first answer: the client's next connection begins
 * at the front again, where most requests are answered.
 */
import { closeQuietly } from "./sockets.ts";

export interface Inner {
  /**
   * A connection that stands for that of the client with this address.
   * @param isHttp2 whether it is to last: many requests share it
   */
  connect(peer: string, isHttp2: boolean): Promise<Deno.TcpConn>;
  /** Ends what `connect` made. */
  release(socket: Deno.TcpConn): void;
  /** From now on a connection that lasts ends when nothing is under way on it. */
  leave(): void;
  /** Drops what is under way. */
  close(): Promise<void>;
}

interface Client {
  readonly peer: string;
  readonly socket: Deno.TcpConn;
  readonly isHttp2: boolean;
  /** Requests that are being answered. */
  underWay: number;
}

const LOOPBACK = "127.0.0.1";

/** @param answer gives the answer to a request from a client's address; must not be a shared one */
export function startInner(
  answer: (request: Request, peer: string) => Response | Promise<Response>,
  onError: (error: unknown) => void,
): Inner {
  /** By the port that their connection comes from. */
  const clients = new Map<number, Client>();
  const abandon = new AbortController();
  let isLeaving = false;
  const server = Deno.serve({
    hostname: LOOPBACK,
    port: 0,
    signal: abandon.signal,
    onListen: () => {},
    onError: (error) => {
      onError(error);
      return new Response(null, { status: 500, headers: { connection: "close" } });
    },
  }, async (request, { remoteAddr, completed }) => {
    const client = clients.get(remoteAddr.port);
    if (client === undefined) return new Response(null, { status: 403 });
    client.underWay++;
    completed.catch(() => {}).finally(() => {
      client.underWay--;
      endIfDone(client);
    });
    const response = await answer(request, client.peer);
    if (!client.isHttp2) response.headers.set("connection", "close");
    return response;
  });

  function endIfDone({ isHttp2, underWay, socket }: Client): void {
    if (underWay === 0 && (isLeaving || !isHttp2)) socket.closeWrite().catch(() => {});
  }

  const { port } = server.addr;

  return {
    async connect(peer, isHttp2) {
      const socket = await Deno.connect({ hostname: LOOPBACK, port });
      clients.set(socket.localAddr.port, { peer, socket, isHttp2, underWay: 0 });
      return socket;
    },
    release(socket) {
      clients.delete(socket.localAddr.port);
      closeQuietly(socket);
    },
    leave() {
      isLeaving = true;
      for (const client of clients.values()) if (client.isHttp2) endIfDone(client);
    },
    close() {
      abandon.abort();
      return server.finished;
    },
  };
}
