/** Requests at a steady rate, over connections that stay open. */
import { HEADERS } from "./wrk.ts";

const CONNECTIONS = 50;

/** @returns how many were answered. @throws when the server closes a connection */
export async function paced(
  port: number,
  path: string,
  perSecond: number,
  seconds: number,
): Promise<number> {
  const lines = [`GET ${path} HTTP/1.1`, "Host: 127.0.0.1", ...HEADERS, "", ""];
  const request = new TextEncoder().encode(lines.join("\r\n"));
  const start = performance.now();
  const gap = CONNECTIONS * 1000 / perSecond;
  const counts = await Promise.all(Array.from({ length: CONNECTIONS }, async (_, i) => {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const answer = new Uint8Array(4096);
    let sent = 0;
    for (let due = start + i * gap / CONNECTIONS; due < start + seconds * 1000; due += gap) {
      const early = due - performance.now();
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
      await connection.write(request);
      if (await connection.read(answer) === null) throw new Error("the server closed");
      sent++;
    }
    return sent;
  }));
  return counts.reduce((sum, count) => sum + count, 0);
}
