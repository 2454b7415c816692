/// <reference lib="deno.ns" />
/** Everything of a connection, both ways, to and from who answers it. */
import { writeAll } from "./sockets.ts";

const CHUNK = 16 * 1024;

/**
 * Carries `first` and what the client sends after it to `inner`, and back what `inner` says until it
 * has said all. Then the client may read it in peace: closed at once, with something unread on our
 * side, the connection would be reset and the answer's end lost (RFC 9112 §9.6). Rejects when either
 * side breaks off.
 * @param onMore called when `inner` said something. @param onEnd when it has said all
 */
export async function tunnel(
  client: Deno.TcpConn,
  inner: Deno.TcpConn,
  first: Uint8Array,
  onMore: () => void,
  onEnd: () => void,
): Promise<void> {
  await writeAll(inner, first);
  const asking = carryOn(client, inner).catch(() => {});
  const chunk = new Uint8Array(CHUNK);
  for (let count; (count = await inner.read(chunk)) !== null;) {
    onMore();
    await writeAll(client, chunk.subarray(0, count));
  }
  onEnd();
  await client.closeWrite();
  await asking;
}

/** Reads to the client's end, also what nobody wants to hear any more. */
async function carryOn(client: Deno.TcpConn, inner: Deno.TcpConn): Promise<void> {
  const chunk = new Uint8Array(CHUNK);
  let isHeard = true;
  for (let count; (count = await client.read(chunk)) !== null;) {
    if (isHeard) isHeard = await writeAll(inner, chunk.subarray(0, count)).then(isDone, isLost);
  }
  await inner.closeWrite();
}

const isDone = () => true;
const isLost = () => false;
