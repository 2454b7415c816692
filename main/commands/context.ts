/** What commands work with: the running platform's log, and what its configuration says. */
import { join } from "node:path";
import { type AddressFact, changeAddresses, type Held } from "@chappe/src/addresses";
import { createDnsClient, type DnsClient, readServer, systemServers } from "@chappe/src/dns";
import type { AccessUsed } from "@chappe/src/events";
import type { Counters, EventLog, Registers } from "@chappe/src/log";
import { type Config, SILENT } from "@chappe/src/runtime";
import type { SendingState } from "@chappe/src/sending";
import {
  accessKey,
  accountOf,
  changeSettings,
  createVault,
  PLATFORM,
  readLastUses,
  readSettings,
  type SettingsChange,
  type SettingsFact,
  type SettingsState,
  type Vault,
} from "@chappe/src/settings";
import { MASTER_KEY, NATS_URL_FILE } from "../places.ts";
import { readMasterKey } from "../secrets.ts";
import { openStation } from "../station.ts";

export interface Context {
  readonly config: Config;
  readonly events: EventLog;
  readonly counters: Pick<Counters, "get">;
  readonly registers: Pick<Registers, "read">;
  readonly now: () => number;
}

/** The envelope's `by` of all that is done here. */
export const OPERATOR = "operator";

/** How far back a last use is looked for, ms. */
const LAST_USE = 90 * 24 * 3600 * 1000;
export const LAST_USE_HELP = "Last uses are those of the last 90 days.";

/** Connects, runs, disconnects. @throws {Error} when no platform is found. */
export async function withContext<T>(
  config: Config,
  run: (context: Context) => Promise<T>,
): Promise<T> {
  const file = join(config.data, NATS_URL_FILE);
  const url = config.natsUrl ?? await Deno.readTextFile(file).catch(() => {
    throw new Error(
      `no running platform found: ${file} is not there. Start it, or set CHAPPE_DATA or CHAPPE_NATS_URL`,
    );
  });
  const station = await openStation(config, url, SILENT);
  try {
    const { events, counters, registers } = station;
    return await run({ config, events, counters, registers, now: Date.now });
  } finally {
    await station.close();
  }
}

/** As `changeSettings`, in the operator's name. */
export function change(
  { events, now }: Context,
  decide: (state: SettingsState) => readonly SettingsFact[] | Promise<readonly SettingsFact[]>,
): Promise<SettingsChange> {
  return changeSettings(events, decide, now, OPERATOR);
}

/** The same for source addresses, pools, calendars and rules; gives how it leaves them. */
export async function changeSources(
  { events, now }: Context,
  decide: (held: Held) => readonly AddressFact[],
): Promise<SendingState> {
  return (await changeAddresses(events, decide, now, OPERATOR)).sending;
}

/** The settings, and which accounts a list is about: the one that is named, or all. @throws {RefusedError} */
export async function settingsOf(
  { events }: Context,
  account: string | undefined,
): Promise<{ state: SettingsState; listed: (item: { account: string }) => boolean }> {
  const { state } = await readSettings(events);
  if (account !== undefined && account !== PLATFORM) accountOf(state, account);
  return { state, listed: (item) => account === undefined || item.account === account };
}

/** Reads when things were last used, for the columns of a list. */
export async function lastUses({ events, now }: Context) {
  const uses = await readLastUses(events, now() - LAST_USE);
  return (account: string, kind: AccessUsed["kind"], name: string) => {
    const use = uses.get(accessKey(account, kind, name));
    return { lastUsed: use === undefined ? null : new Date(use.at), lastIp: use?.ip ?? null };
  };
}

/** @throws {Error} where the platform's master key cannot be read. */
export async function openVault({ config }: Context): Promise<Vault> {
  const key = await readMasterKey(config).catch((error: unknown) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `this needs the platform's master key: set CHAPPE_MASTER_KEY (or _FILE), or CHAPPE_DATA to ` +
        `the folder with ${MASTER_KEY} in it`,
    );
  });
  return createVault(key);
}

/** Asks anew each time. */
export function openDns({ config, now }: Context): DnsClient {
  const servers = config.dns.length > 0 ? config.dns.map(readServer) : systemServers();
  return createDnsClient({ servers, now, maxCached: 0 });
}
