/**
 * What an address may still send, as sheets of places that all nodes share. A sheet belongs to an
 * address and an hour of a UTC day, and where the calendar says so to a provider too; it only ever
 * says how much of that hour was taken. As the hours of a day add up to its cap, they hold it as well.
 */
import { hourCap, nextRelease, releasedBy } from "./allowance.ts";
import { providerCap } from "./calendar.ts";
import { calendarOf, dayCap, type SendingState, type SourceAddress, stateAt } from "./model.ts";
import { dateOf, HOUR, hourOf, startOf } from "./time.ts";

export interface Quota {
  /** Name of the sheet. */
  readonly key: string;
  /** How much may have been taken by now. */
  readonly limit: number;
  /** How much the whole hour allows. */
  readonly hourly: number;
  /** When the hour is over, and what was taken for it no longer holds: ms UTC. */
  readonly until: number;
  /** When one more comes free once `limit` is reached; null: not by itself. */
  readonly nextAt: number | null;
}

/** The quotas that a message to `provider` has to be taken from, one of each. None: no cap. */
export function quotasOf(
  state: SendingState,
  address: SourceAddress,
  provider: string,
  at: number,
): Quota[] {
  const standing = stateAt(address, at);
  if (standing.kind !== "warming") return [];
  const calendar = calendarOf(state, address);
  const cap = dayCap(calendar, standing, at);
  if (cap === Infinity) return [];
  const key = hourKey(address.ip, at);
  const all = quota(key, cap, at);
  const share = providerCap(calendar, provider, cap);
  return share === null ? [all] : [all, quota(`${key}.${provider}`, share, at)];
}

function quota(key: string, cap: number, at: number): Quota {
  return {
    key,
    limit: releasedBy(cap, at),
    hourly: hourCap(cap, hourOf(at)),
    until: startOf(at, HOUR) + HOUR,
    nextAt: nextRelease(cap, at),
  };
}

/** `warmup.192-0-2-1.20261122.09`: the sheet of an address for the hour of `at`. */
export function hourKey(ip: string, at: number): string {
  const hour = startOf(at, HOUR);
  if (hour !== names.hour) {
    names.hour = hour;
    names.keys.clear();
  }
  let key = names.keys.get(ip);
  if (key === undefined) {
    const token = ip.replaceAll(".", "-").replaceAll(":", "_");
    const date = dateOf(at).replaceAll("-", "");
    key = `warmup.${token}.${date}.${String(hourOf(at)).padStart(2, "0")}`;
    names.keys.set(ip, key);
  }
  return key;
}

/** The names of the hour last asked for: they are asked for with each message. */
const names = { hour: -1, keys: new Map<string, string>() };

/** From here on places are lent to nodes in chunks, as noting each would cost more than it is worth. */
const MANY = 100;

/** Whether each place is held by a copy of its own. */
export function countsEach({ hourly }: Pick<Quota, "hourly">): boolean {
  return hourly < MANY;
}

/** How many to take at a time: one by one while every one counts, else 2 % of the hour. */
export function chunkOf({ hourly }: Pick<Quota, "hourly">): number {
  return Math.max(1, Math.floor(hourly / 50));
}
