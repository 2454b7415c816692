/// <reference lib="deno.ns" />
/** What is done with sockets. */

/** All of it, however little the other side takes at a time. */
export async function writeAll(socket: Deno.Conn, bytes: Uint8Array): Promise<void> {
  let sent = await socket.write(bytes);
  while (sent < bytes.length) sent += await socket.write(bytes.subarray(sent));
}

/** Closed already, perhaps by the other side: as good. */
export function closeQuietly(socket: Deno.Conn): void {
  try {
    socket.close();
  } catch {
    // It was.
  }
}
