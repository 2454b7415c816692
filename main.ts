/**
 * The composition root: `deno task start` runs the whole platform on this machine,
 * `deno task start <role> …` runs some roles in this process, on servers given by URL.
 */
import { ConfigError, messageOf, readConfig } from "@chappe/src/runtime";
import { parseRoles } from "./main/roles.ts";
import { runRoles } from "./main/run.ts";
import { stopRequested, supervise } from "./main/supervise.ts";
import { untilParentGone } from "./main/leash.ts";

const encoder = new TextEncoder();
const print = (line: string) => void Deno.stdout.writeSync(encoder.encode(line + "\n"));

const env = Deno.env.toObject();
const supervised = Deno.args[0] === "--supervised";
const names = supervised ? Deno.args.slice(1) : Deno.args;

try {
  const roles = parseRoles(names);
  const config = readConfig(env, Deno.readTextFileSync);
  if (roles.length === 0) await supervise(config, env, print);
  else if (supervised) await runRoles(roles, config, print, untilParentGone());
  else await runRoles(roles, config, print, stopRequested());
  Deno.exit(0);
} catch (error) {
  Deno.stderr.writeSync(encoder.encode(`chappe cannot start: ${messageOf(error)}\n`));
  Deno.exit(error instanceof ConfigError || error instanceof TypeError ? 2 : 1);
}
