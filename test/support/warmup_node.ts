/** A delivery node in a process of its own, on the clock that is told to it, line by line. */
import { connectStation } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { startClockedNode } from "./warmup.ts";

const [url, port, ackWaitMs] = Deno.args;
const clock = { at: 0 };
const say = (line: string) => Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
let rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop()!;
  for (const line of lines) {
    const first = clock.at === 0;
    clock.at = Number(line);
    if (first) await start();
    await say(line);
  }
}
Deno.exit(0);

async function start(): Promise<void> {
  const station = await connectStation({
    url: url!,
    ackWaitMs: Number(ackWaitMs),
    now: Date.now,
    logger: SILENT,
  });
  await startClockedNode(station, { clock, port: Number(port) });
}
