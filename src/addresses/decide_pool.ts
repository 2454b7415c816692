/** Decisions about pools, and whose mail leaves from which. */
import { type AddressPool, assignmentOf, SHARED } from "../sending/mod.ts";
import { accountOf, RefusedError } from "../settings/mod.ts";
import { type AddressFact, fact } from "./fact.ts";
import type { Held } from "./held.ts";

export interface WantedPool {
  readonly pool: string;
  /** Whose dedicated pool it is; null: it is shared. */
  readonly owner: string | null;
}

const NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/** @throws {RefusedError} */
export function createPool({ sending, settings }: Held, wanted: WantedPool): AddressFact[] {
  const { pool, owner } = wanted;
  if (!NAME.test(pool)) {
    const rule = "1 to 32 lower-case letters, digits and hyphens";
    throw new RefusedError("invalid", `"${pool}" is no name for a pool: use ${rule}`);
  }
  if (sending.pools.has(pool)) {
    throw new RefusedError("taken", `there is a pool "${pool}" already`);
  }
  if (owner !== null) accountOf(settings, owner);
  return [fact("settings.pool-created", { pool, kind: kindOf(owner), owner })];
}

/** Gives it to an account, or to all. Nothing when it stands so already. @throws {RefusedError} */
export function changePool({ sending, settings }: Held, wanted: WantedPool): AddressFact[] {
  const { pool, owner } = wanted;
  const before = poolOf(sending.pools, pool);
  if (before.owner === owner) return [];
  if (pool === SHARED) {
    throw new RefusedError("forbidden", `"${SHARED}" serves every account that has no other pool`);
  }
  if (owner !== null) {
    accountOf(settings, owner);
    const others = [...sending.assignments.keys()].filter((account) => {
      const { pools, overflow } = assignmentOf(sending, account);
      return account !== owner && (pools.includes(pool) || overflow === pool);
    });
    if (others.length > 0) {
      throw new RefusedError("forbidden", `"${pool}" serves ${others.join(", ")} too`);
    }
  }
  return [fact("settings.pool-changed", { pool, kind: kindOf(owner), owner })];
}

export interface WantedAssignment {
  readonly account: string;
  /** First choice first. */
  readonly pools: readonly string[];
  /** Where what they may not send goes; null: it waits. */
  readonly overflow: string | null;
}

/** Nothing when it stands so already. @throws {RefusedError} */
export function assignPools(
  { sending, settings }: Held,
  { account, pools, overflow }: WantedAssignment,
): AddressFact[] {
  accountOf(settings, account);
  if (pools.length === 0) throw new RefusedError("invalid", "an account needs a pool at least");
  const named = overflow === null ? pools : [...pools, overflow];
  const twice = named.find((name, i) => named.indexOf(name) !== i);
  if (twice !== undefined) throw new RefusedError("invalid", `"${twice}" is named twice`);
  for (const name of named) {
    const { owner } = poolOf(sending.pools, name);
    if (owner !== null && owner !== account) {
      throw new RefusedError("forbidden", `pool "${name}" is dedicated to another account`);
    }
  }
  const before = assignmentOf(sending, account);
  if (JSON.stringify([pools, overflow]) === JSON.stringify([before.pools, before.overflow])) {
    return [];
  }
  return [fact("settings.pools-assigned", { pools: [...pools], overflow }, account)];
}

/** @throws {RefusedError} when there is none */
function poolOf(pools: ReadonlyMap<string, AddressPool>, name: string): AddressPool {
  const found = pools.get(name);
  if (found === undefined) throw new RefusedError("unknown", `there is no pool "${name}"`);
  return found;
}

function kindOf(owner: string | null): AddressPool["kind"] {
  return owner === null ? "shared" : "dedicated";
}
