/** Puts into the log what a platform cannot run without: its own keys, and the sandbox's demo account. */
import type { EventLog } from "@chappe/src/log";
import { generateDkimKey } from "@chappe/src/mail";
import type { Config } from "@chappe/src/runtime";
import {
  changeSettings,
  demoAccount,
  hashPassword,
  platformKeys,
  type Vault,
} from "@chappe/src/settings";

/** Does nothing on the second start. Safe when several nodes start at once. */
export async function provision(events: EventLog, config: Config, vault: Vault): Promise<void> {
  const maker = { generate: generateDkimKey, vault };
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  await changeSettings(
    events,
    (state) => platformKeys(state, { domain: config.hostname, random, ...maker }),
    Date.now,
  );
  if (config.delivery.kind !== "sandbox") return;
  await changeSettings(
    events,
    async (state) =>
      state.accounts.has("demo")
        ? []
        : demoAccount(state, { hash: await hashPassword("demo", random(16)), ...maker }),
    Date.now,
  );
}
