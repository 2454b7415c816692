/** Addresses, pools and measures as they stand: a fold of the families settings, address and shaping. */
import type { AddressStanding, Event } from "../events/mod.ts";
import type { AddressState, SendingState, SourceAddress, Standing } from "./model.ts";

/** One event later. Events of other kinds leave the state as it is. */
export function evolveSending(state: SendingState, event: Event): SendingState {
  switch (event.type) {
    case "settings.address-added": {
      const { address: ip, standing, ...rest } = event.data;
      const address = { ip, ...rest, state: stateOf(standing), listed: new Set<string>() };
      return { ...state, addresses: put(state.addresses, ip, address) };
    }
    case "settings.address-changed":
      return withAddress(state, event.data.address, (before) => {
        const { address: _, standing, ...rest } = event.data;
        return { ...before, ...rest, state: standing ? stateOf(standing) : before.state };
      });
    case "settings.address-removed":
      return { ...state, addresses: drop(state.addresses, event.data.address) };
    case "settings.pool-created":
    case "settings.pool-changed": {
      const { pool: name, ...rest } = event.data;
      return { ...state, pools: put(state.pools, name, { name, ...rest }) };
    }
    case "settings.pools-assigned":
      return { ...state, assignments: put(state.assignments, event.account, event.data) };
    case "settings.calendar-defined": {
      const { calendar: name, ...rest } = event.data;
      return { ...state, calendars: put(state.calendars, name, { name, ...rest }) };
    }
    case "settings.shaping-rule-defined":
      return { ...state, rules: put(state.rules, event.data.rule, event.data) };
    case "address.warmup-advanced":
    case "address.warmup-held":
    case "address.warmup-stepped-back": {
      const { address, day, date } = event.data;
      return withStanding(state, address, { kind: "warming", day, since: Date.parse(date) });
    }
    case "address.warmup-finished":
      return withStanding(state, event.data.address, { kind: "warm" });
    case "address.paused": {
      const { address, until, rule } = event.data;
      return withState(state, address, (before) => {
        if (before.kind === "retired") return before;
        const then = before.kind === "paused" ? before.then : before;
        return { kind: "paused", until, reason: rule, then };
      });
    }
    case "address.resumed":
      return withState(
        state,
        event.data.address,
        (before) => before.kind === "paused" ? before.then : before,
      );
    case "address.listed":
    case "address.delisted":
      return withAddress(state, event.data.address, (before) => {
        const listed = new Set(before.listed);
        if (event.type === "address.listed") listed.add(event.data.list);
        else listed.delete(event.data.list);
        return { ...before, listed };
      });
    case "shaping.applied": {
      // Those that are over go with the next that comes: the map stays as small as what is in force.
      const inForce = [...state.measures].filter(([, measure]) => measure.until > event.at);
      const measures = put(new Map(inForce), keyOf(event.data), { ...event.data, from: event.at });
      return { ...state, measures };
    }
    case "shaping.expired":
      return { ...state, measures: drop(state.measures, keyOf(event.data)) };
    default:
      return state;
  }
}

function keyOf({ rule, provider, address }: {
  rule: string;
  provider: string;
  address: string | null;
}): string {
  return `${rule} ${provider} ${address ?? "*"}`;
}

function stateOf(standing: AddressStanding): AddressState {
  if (standing.kind !== "warming") return standing;
  return { kind: "warming", day: standing.day, since: Date.parse(standing.date) };
}

function withAddress(
  state: SendingState,
  ip: string,
  change: (before: SourceAddress) => SourceAddress,
): SendingState {
  const before = state.addresses.get(ip);
  if (before === undefined) return state;
  return { ...state, addresses: put(state.addresses, ip, change(before)) };
}

function withState(
  state: SendingState,
  ip: string,
  change: (before: AddressState) => AddressState,
): SendingState {
  return withAddress(state, ip, (before) => ({ ...before, state: change(before.state) }));
}

/** A decision of the warm-up: it holds behind a pause too, and comes too late for a retired address. */
function withStanding(state: SendingState, ip: string, standing: Standing): SendingState {
  return withState(state, ip, (before) => {
    if (before.kind === "retired") return before;
    return before.kind === "paused" ? { ...before, then: standing } : standing;
  });
}

function put<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}
function drop<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
