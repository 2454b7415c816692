/** A loader in a process of its own, as the platform starts it, whose ClickHouse is elsewhere. */
import { denoFlags } from "../../main/roles.ts";
import { mostResidentMb } from "./cpu.ts";

export interface LoaderProcess extends AsyncDisposable {
  readonly pid: number;
  /** Highest resident memory so far. */
  mostMb(): Promise<number>;
}

export function startLoader(natsUrl: string, clickhouseUrl: string): LoaderProcess {
  const script = new URL("loader_process.ts", import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...denoFlags(["loader"], Deno.cwd()), script, natsUrl, clickhouseUrl],
    stderr: "inherit",
  }).spawn();
  return {
    pid: child.pid,
    mostMb: () => mostResidentMb(child.pid),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}
