/** For tests: commands that speak to a log of their own. */
import assert from "node:assert/strict";
import { readConfig, SILENT } from "@chappe/src/runtime";
import { createVault, parseMasterKey, type RefusalKind, RefusedError } from "@chappe/src/settings";
import { startTestNats } from "../../src/embedded/test_nats.ts";
import { provision } from "../provision.ts";
import { openStation } from "../station.ts";
import type { Context } from "./context.ts";
import { readCommand } from "./mod.ts";
import { print } from "./output.ts";

/** A log with the demo account in it; `chappe` gives what a command prints as JSON. */
export async function withLog(
  env: Record<string, string>,
  test: (
    chappe: (...words: string[]) => Promise<ReturnType<typeof JSON.parse>>,
    context: Context,
  ) => Promise<void>,
): Promise<void> {
  await using nats = await startTestNats();
  const config = readConfig(
    { CHAPPE_NATS_URL: nats.url, CHAPPE_MASTER_KEY: "07".repeat(32), ...env },
    () => "",
  );
  const station = await openStation(config, nats.url, SILENT);
  try {
    await provision(station.events, config, createVault(parseMasterKey(config.masterKey!)));
    const { events, counters, registers } = station;
    const context = { config, events, counters, registers, now: Date.now };
    await test(async (...words) => {
      const command = readCommand([...words, "--json"]);
      assert(!("help" in command) && command.json);
      const output = await command.run(context);
      const lines: string[] = [];
      if (!("stream" in output)) await print(output, false, (line) => assert(line.length > 0));
      await print(output, true, (line) => lines.push(line));
      return "stream" in output ? lines.map((line) => JSON.parse(line)) : JSON.parse(lines[0]!);
    }, context);
  } finally {
    await station.close();
  }
}

/** What `assert.rejects` takes for a refusal of that kind. */
export const refused = (kind: RefusalKind, message: RegExp) => (error: unknown) => {
  assert(error instanceof RefusedError, String(error));
  assert.equal(error.kind, kind);
  assert.match(error.message, message);
  return true;
};
