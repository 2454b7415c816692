/** How our programs print and end: 0 done, 1 failed, 2 wrong use or configuration, 3 refused. */
import { ConfigError, messageOf } from "@chappe/src/runtime";
import { RefusedError } from "@chappe/src/settings";

const encoder = new TextEncoder();

export function printLine(line: string): void {
  Deno.stdout.writeSync(encoder.encode(line + "\n"));
}

/** Wrong words on the command line. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Runs a program to its end; what it throws is printed in words, without a stack. */
export async function runToExit(program: () => Promise<void>): Promise<never> {
  try {
    await program();
    Deno.exit(0);
  } catch (error) {
    Deno.stderr.writeSync(encoder.encode(`chappe: ${messageOf(error)}\n`));
    if (error instanceof ConfigError || error instanceof UsageError) Deno.exit(2);
    Deno.exit(error instanceof RefusedError ? 3 : 1);
  }
}
