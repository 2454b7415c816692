/**
 * `chappe`: the operator's command line. It speaks to the running platform's log, so that what it
 * does is an event like all others.
 *
 * Exit codes: 0 done, 1 failed, 2 wrong use, 3 refused.
 */
import { readConfig } from "@chappe/src/runtime";
import { withContext } from "./commands/context.ts";
import { readCommand } from "./commands/mod.ts";
import { print } from "./commands/output.ts";
import { printLine, runToExit } from "./exit.ts";

await runToExit(async () => {
  const command = readCommand(Deno.args);
  if ("help" in command) return printLine(command.help);
  const config = readConfig(Deno.env.toObject(), Deno.readTextFileSync);
  await withContext(
    config,
    async (context) => print(await command.run(context), command.json, printLine),
  );
});
