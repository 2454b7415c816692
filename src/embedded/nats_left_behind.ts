/**
 * One server per store: two on the same files would ruin them. A server that a killed platform left
 * behind, and that has not gone yet, is stopped before the next one starts.
 */
import { EmbeddedError } from "./errors.ts";
import { natsPaths } from "./nats_config.ts";

/** How long a server that was left behind gets to stop by itself, and then to be killed. */
const LEAVE_MS = 10_000;

/** Stops the server that a killed platform left behind on this store. Call with the directory locked. */
export async function stopLeftBehind(directory: string): Promise<void> {
  const pid = await pidLeftBehind(directory);
  if (pid === null) return;
  signal(pid, "SIGTERM");
  if (await gone(directory, pid)) return;
  signal(pid, "SIGKILL");
  if (await gone(directory, pid)) return;
  throw new EmbeddedError(`nats-server ${pid}, left behind on ${directory}, does not stop`);
}

async function gone(directory: string, pid: number): Promise<boolean> {
  for (let waited = 0; waited < LEAVE_MS; waited += 50) {
    if (!await isServerOf(directory, pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function pidLeftBehind(directory: string): Promise<number | null> {
  const pid = Number(await Deno.readTextFile(natsPaths(directory).pid).catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 1) return null;
  return await isServerOf(directory, pid) ? pid : null;
}

/** By the process's arguments: after a restart of the machine the pid may be anybody's. */
async function isServerOf(directory: string, pid: number): Promise<boolean> {
  const line = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
  return line.split("\0").includes(natsPaths(directory).config);
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL"): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
