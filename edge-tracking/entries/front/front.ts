/// <reference lib="deno.ns" />
/**
 * The port that clients come to. Nearly all requests are plain hits, and the runtime's HTTP server
 * spends more on each than all that a hit is about; so hits are read and answered here, by the bytes,
 * and only what is no plain hit goes to that server.
 */
import { Guest, type Host } from "./guest.ts";
import { closeQuietly } from "./sockets.ts";

export interface Front {
  /** Connections that are open. */
  connections(): number;
  /** Lets go of the port and of who waits; resolves when all answers under way are given. */
  shutdown(): Promise<void>;
  /** Drops them. */
  abort(): void;
}

/** Pause after a connection could not be taken: this machine may have no room for more. */
const RETRY_MS = 100;

/** @param onError a connection could not be taken */
export function openFront(
  listener: Deno.TcpListener,
  shared: Omit<Host, "clock">,
  onError: (error: unknown) => void,
): Front {
  const { limits } = shared;
  /** In the order in which they came. */
  const guests = new Set<Guest>();
  const empty = Promise.withResolvers<void>();
  let isOpen = true;
  let time = performance.now();
  const host: Host = { ...shared, clock: () => time };

  const sweep = setInterval(() => {
    time = performance.now();
    for (const guest of guests) if (guest.due < time) guest.close();
  }, limits.sweepMs);

  async function welcome(): Promise<void> {
    while (isOpen) {
      try {
        take(await listener.accept());
      } catch (error) {
        if (!isOpen) return;
        onError(error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async function take(socket: Deno.TcpConn): Promise<void> {
    if (guests.size >= limits.connections && !makeRoom()) return closeQuietly(socket);
    const guest = new Guest(socket, host);
    guests.add(guest);
    await guest.attend();
    guests.delete(guest);
    if (!isOpen && guests.size === 0) end();
  }

  function makeRoom(): boolean {
    for (const guest of guests) {
      if (guest.isBusy) continue;
      guest.close();
      return guests.delete(guest);
    }
    return false;
  }

  function end(): void {
    clearInterval(sweep);
    empty.resolve();
  }

  welcome();
  return {
    connections: () => guests.size,
    shutdown() {
      isOpen = false;
      listener.close();
      if (guests.size === 0) end();
      for (const guest of guests) guest.leave();
      shared.inner.leave();
      return empty.promise;
    },
    abort() {
      for (const guest of guests) guest.close();
    },
  };
}
