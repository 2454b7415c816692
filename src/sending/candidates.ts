/** Which pools an account's mail may leave from, in order, and the addresses in them. */
import {
  type AddressPool,
  type AddressState,
  assignmentOf,
  type Measure,
  type SendingState,
  SHARED,
} from "./model.ts";

/** A source address, or (ip null) the one that the system chooses. */
export interface Candidate {
  readonly ip: string | null;
  readonly ehlo: string | null;
  readonly pool: string;
  readonly state: AddressState;
}

export interface Tier {
  readonly pool: string;
  readonly rule: "own-pool" | "shared-pool" | "overflow" | "switched-pool";
  /** The pool that this one stands in for. */
  readonly instead: string | null;
}

const SYSTEM: readonly Candidate[] = [
  { ip: null, ehlo: null, pool: SHARED, state: { kind: "warm" } },
];

/** First choice first. Another account's dedicated pool is none of them, whatever was assigned. */
export function tiersOf(
  state: SendingState,
  account: string,
  provider: string,
  at: number,
): Tier[] {
  const { pools, overflow } = assignmentOf(state, account);
  const tiers: Tier[] = [];
  const add = (name: string, rule: Tier["rule"]) => {
    const pool = state.pools.get(name);
    if (pool === undefined || !mayUse(pool, account)) return;
    const other = switchedTo(measuresAt(state, provider, at), name);
    const taken = other === null ? undefined : state.pools.get(other);
    if (taken !== undefined && mayUse(taken, account)) {
      tiers.push({ pool: taken.name, rule: "switched-pool", instead: name });
    } else tiers.push({ pool: name, rule, instead: null });
  };
  for (const name of pools) {
    add(name, state.pools.get(name)?.kind === "shared" ? "shared-pool" : "own-pool");
  }
  if (overflow !== null && !pools.includes(overflow)) add(overflow, "overflow");
  return tiers;
}

function mayUse(pool: AddressPool, account: string): boolean {
  return pool.kind === "shared" || pool.owner === account;
}

function switchedTo(measures: readonly Measure[], pool: string): string | null {
  for (const { action, pool: from } of measures) {
    if (action.kind === "switch-pool" && from === pool) return action.pool;
  }
  return null;
}

/** The addresses of each pool, as long as none changes. */
const byPool = new WeakMap<SendingState["addresses"], Map<string, Candidate[]>>();

export function addressesOf(state: SendingState, pool: string): readonly Candidate[] {
  let index = byPool.get(state.addresses);
  if (index === undefined) {
    index = Map.groupBy(
      [...state.addresses.values()].toSorted((a, b) => a.ip < b.ip ? -1 : 1),
      (address) => address.pool,
    );
    byPool.set(state.addresses, index);
  }
  return index.get(pool) ?? (pool === SHARED ? SYSTEM : []);
}

const byProvider = new WeakMap<SendingState["measures"], Map<string, Measure[]>>();
const NONE: readonly Measure[] = [];

/** What is in force at `provider`. */
export function measuresAt(state: SendingState, provider: string, at: number): readonly Measure[] {
  if (state.measures.size === 0) return NONE;
  let index = byProvider.get(state.measures);
  if (index === undefined) {
    index = Map.groupBy(state.measures.values(), (measure) => measure.provider);
    byProvider.set(state.measures, index);
  }
  const all = index.get(provider);
  if (all === undefined) return NONE;
  return all.every(({ until }) => until > at) ? all : all.filter(({ until }) => until > at);
}
