/** Versions of nats-server: which one stands at a path, and whether it is new enough. */

/** Scheduled messages and counters came with 2.12; older ones would refuse the streams. */
export const LEAST_NATS = "2.12.0";

/** `nats-server: v2.15.1` (also `2.15.1-1`, `v2.12.0-beta.1`) → `2.15.1`; null where there is none. */
export function parseNatsVersion(text: string): string | null {
  return /v?(\d+\.\d+\.\d+)/.exec(text)?.[1] ?? null;
}

/** Whether `version` (three numbers) is `LEAST_NATS` or newer. */
export function isNewEnough(version: string): boolean {
  const [have, need] = [version, LEAST_NATS].map((v) => v.split(".").map(Number));
  for (let i = 0; i < 3; i++) {
    if (have![i]! !== need![i]!) return have![i]! > need![i]!;
  }
  return true;
}

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
