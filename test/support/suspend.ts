/** A process that stands still: there, but answering nobody. */
import { eventually } from "./platform.ts";

/** Until SIGCONT or SIGKILL. On a busy machine some threads go on for a while after the signal. */
export async function suspend(pid: number): Promise<void> {
  Deno.kill(pid, "SIGSTOP");
  await eventually(`process ${pid} stands still`, () => isStill(pid));
}

/** proc(5): the state follows the name, which stands in brackets and may hold any letters. */
async function isStill(pid: number): Promise<boolean> {
  for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
    const stat = await Deno.readTextFile(`/proc/${pid}/task/${name}/stat`);
    if (!stat.slice(stat.lastIndexOf(")")).startsWith(") T")) return false;
  }
  return true;
}
