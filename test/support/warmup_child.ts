/** Starts `warmup_node.ts`, tells it the time, and kills it. */
export interface Child {
  /** Resolves when the node goes by that time. */
  tell(at: number): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export async function startChild(
  { url, port, at, ackWaitMs }: { url: string; port: number; at: number; ackWaitMs: number },
): Promise<Child> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet", "--no-check"],
      ...[new URL("warmup_node.ts", import.meta.url).pathname, url, `${port}`, `${ackWaitMs}`],
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const tell = async (time: number) => {
    await input.write(new TextEncoder().encode(`${time}\n`));
    while (!heard.includes(`${time}\n`)) {
      const { value, done } = await output.read();
      if (done) throw new Error(`the node has gone: ${heard}`);
      heard = (heard + value).slice(-1000);
    }
  };
  await tell(at);
  return {
    tell,
    async kill() {
      child.kill("SIGKILL");
      await child.status;
      await input.abort().catch(() => {});
      await output.cancel();
    },
  };
}
