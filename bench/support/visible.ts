/** A process with a loader and the questions asked of what it loads, for `bench visible`. */
import { denoFlags } from "../../main/roles.ts";
import { mostResidentMb } from "./cpu.ts";

export interface Visible extends AsyncDisposable {
  /** Highest resident memory so far. */
  memoryMb(): Promise<number>;
}

/**
 * Resolves when it has caught up with the log.
 * @param account whose messages it looks at
 * @param onClicked hears of each of them once, when it is first seen as clicked
 */
export async function startVisible(
  natsUrl: string,
  account: string,
  onClicked: (message: string) => void,
): Promise<Visible> {
  const path = await Deno.makeTempDir({ prefix: "chappe-bench-" });
  const script = new URL("visible_process.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...denoFlags(["loader"], path), script, natsUrl, path, account],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await output.read();
  const listening = (async () => {
    let rest = "";
    for (let { value } = await output.read(); value !== undefined;) {
      const lines = (rest + value).split("\n");
      rest = lines.pop()!;
      lines.forEach(onClicked);
      ({ value } = await output.read());
    }
  })();
  return {
    memoryMb: () => mostResidentMb(child.pid),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await listening;
      await Deno.remove(path, { recursive: true });
    },
  };
}
