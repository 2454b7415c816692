/** A process with a loader and the questions asked of what it loads, for `bench visible`. */
import { residentMb } from "./cpu.ts";

export interface Visible extends AsyncDisposable {
  /** Resolves when the message's copy is seen as clicked. */
  clicked(message: string): Promise<void>;
  /** Highest resident memory so far. */
  memoryMb(): Promise<number>;
}

export async function startVisible(natsUrl: string, account: string): Promise<Visible> {
  const path = await Deno.makeTempDir({ prefix: "chappe-bench-" });
  const script = new URL("visible_process.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, natsUrl, path, account],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = child.stdin.getWriter();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await output.read();
  let highest = 0;
  const watching = setInterval(async () => {
    highest = Math.max(highest, await residentMb(child.pid));
  }, 250);
  return {
    async clicked(message) {
      await input.write(new TextEncoder().encode(message));
      await output.read();
    },
    memoryMb: () => Promise.resolve(highest),
    async [Symbol.asyncDispose]() {
      clearInterval(watching);
      child.kill("SIGKILL");
      await child.status;
      await Deno.remove(path, { recursive: true });
    },
  };
}
