/** Puts into the log what a platform cannot run without: its own keys, and the sandbox's demo account. */
import type { EventLog } from "@chappe/src/log";
import type { Config } from "@chappe/src/runtime";
import {
  changeSettings,
  demoAccount,
  hashPassword,
  type KeyMaker,
  platformKeys,
  type Vault,
} from "@chappe/src/settings";

/** Does nothing on the second start. Safe when several nodes start at once. */
export async function provision(events: EventLog, config: Config, vault: Vault): Promise<void> {
  const maker: KeyMaker = {
    // Needed once in the life of a platform, and all that comes with it costs memory.
    generate: async (algorithm) => (await import("@chappe/src/mail")).generateDkimKey(algorithm),
    vault,
  };
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
