/**
 * The composition root: `deno task start` runs the whole platform on this machine,
 * `deno task start <role> …` runs some roles in this process, on servers given by URL.
 */
import { readConfig } from "@chappe/src/runtime";
import { printLine, runToExit } from "./main/exit.ts";
import { untilParentGone } from "./main/leash.ts";
import { parseRoles, type Role } from "./main/roles.ts";
import { runRoles } from "./main/run.ts";
import { stopRequested } from "./main/stop.ts";

await runToExit(async () => {
  const env = Deno.env.toObject();
  const supervised = Deno.args[0] === "--supervised";
  const roles = parseRoles(supervised ? Deno.args.slice(1) : Deno.args);
  const config = readConfig(env, Deno.readTextFileSync);
  if (roles.length === 0) {
    // What only the supervisor needs would cost each of its processes 40 MB.
    const { supervise } = await import("./main/supervise.ts");
    await supervise(config, env, printLine);
  } else {
    const stop = supervised ? untilParentGone(await exitOf(roles)) : stopRequested();
    await runRoles(roles, config, printLine, stop, supervised);
  }
});

/** How a process with these roles ends at once: the embedded engine would not. */
async function exitOf(roles: readonly Role[]): Promise<(code: number) => never> {
  const mayHoldEngine = roles.includes("loader") || roles.includes("console");
  return mayHoldEngine ? (await import("@chappe/src/embedded")).exitAtOnce : Deno.exit;
}
