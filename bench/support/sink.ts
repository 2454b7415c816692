/** `smtp-sink`: takes everything and throws it away; says how many messages came. */
import { freePort } from "../../test/support/platform.ts";
import { find } from "./tools.ts";

export async function startSink(): Promise<
  { port: number; received(): number; close(): Promise<void> }
> {
  const port = freePort();
  const user = Deno.uid() === 0 ? ["-u", "nobody"] : [];
  const child = new Deno.Command((await find("smtp-sink"))!, {
    args: [...user, "-c", `127.0.0.1:${port}`, "400"],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let received = 0;
  // With -c it rewrites one line of counters each time: "sess=… quit=… mesg=N\r".
  (async () => {
    let rest = "";
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      const updates = (rest + chunk).split("\r");
      rest = updates.pop()!;
      const last = /mesg=(\d+)/.exec(updates.at(-1) ?? "");
      if (last !== null) received = Number(last[1]);
    }
  })();
  return {
    port,
    received: () => received,
    async close() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}
