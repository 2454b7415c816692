/** Which version of nats-server stands at a path. */
import { parseNatsVersion } from "../log/mod.ts";

/** Runs `<binary> --version`; null when it does not run or says something else. */
export async function natsVersion(binary: string): Promise<string | null> {
  try {
    const { stdout } = await new Deno.Command(binary, {
      args: ["--version"],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).output();
    return parseNatsVersion(new TextDecoder().decode(stdout));
  } catch {
    return null;
  }
}
