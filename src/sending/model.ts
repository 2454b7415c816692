/** Source addresses, pools and what holds for them now: the shapes that all of this room speaks of. */
import type { ShapingApplied, ShapingRuleDefined } from "../events/mod.ts";
import { type Calendar, capOn, DEFAULT_CALENDAR } from "./calendar.ts";
import { DAY, startOf } from "./time.ts";

export interface Warming {
  readonly kind: "warming";
  /** Day of its calendar, from 1. */
  readonly day: number;
  /** Start of the UTC day for which that was decided, ms UTC. */
  readonly since: number;
}
export type Standing = Warming | { readonly kind: "warm" };
export type AddressState =
  | Standing
  | {
    readonly kind: "paused";
    /** ms UTC; null until somebody resumes it. */
    readonly until: number | null;
    readonly reason: string;
    /** Where it goes on. */
    readonly then: Standing;
  }
  | { readonly kind: "retired" };

export interface SourceAddress {
  readonly ip: string;
  /** What it calls itself in EHLO. */
  readonly ehlo: string;
  readonly pool: string;
  /** Name of its calendar. */
  readonly calendar: string;
  readonly state: AddressState;
  /** DNS block lists that name it. */
  readonly listed: ReadonlySet<string>;
}

export interface AddressPool {
  readonly name: string;
  readonly kind: "shared" | "dedicated";
  /** Whose dedicated pool it is. */
  readonly owner: string | null;
}

export interface Assignment {
  /** First choice first. */
  readonly pools: readonly string[];
  /** Where what they may not send goes; null: it waits. */
  readonly overflow: string | null;
}

/** What is done about a provider's replies, until a moment. */
export interface Measure extends ShapingApplied {
  /** ms UTC. */
  readonly from: number;
}

export interface SendingState {
  readonly addresses: ReadonlyMap<string, SourceAddress>;
  readonly pools: ReadonlyMap<string, AddressPool>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** By account. */
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly measures: ReadonlyMap<string, Measure>;
  /** Rules of one's own, by name. */
  readonly rules: ReadonlyMap<string, ShapingRuleDefined>;
}

/** The pool of every account that has no other. Without addresses, the system chooses one. */
export const SHARED = "shared";
const UNASSIGNED: Assignment = { pools: [SHARED], overflow: null };

export const NO_SENDING: SendingState = {
  addresses: new Map(),
  pools: new Map([[SHARED, { name: SHARED, kind: "shared", owner: null }]]),
  calendars: new Map([[DEFAULT_CALENDAR.name, DEFAULT_CALENDAR]]),
  assignments: new Map(),
  measures: new Map(),
  rules: new Map(),
};

export function assignmentOf(state: SendingState, account: string): Assignment {
  return state.assignments.get(account) ?? UNASSIGNED;
}

/** The state at a moment: a pause that is over is none. */
export function stateAt(address: Pick<SourceAddress, "state">, at: number): AddressState {
  const { state } = address;
  return state.kind === "paused" && state.until !== null && state.until <= at ? state.then : state;
}

export function calendarOf(state: SendingState, address: SourceAddress): Calendar {
  return state.calendars.get(address.calendar) ?? DEFAULT_CALENDAR;
}

/**
 * The most that may be sent in the UTC day of `at`. A day for which nothing was decided yet is given
 * what the worst decision would leave, so that no decision that comes late finds its cap exceeded.
 */
export function dayCap(calendar: Calendar, standing: Standing, at: number): number {
  if (standing.kind === "warm") return Infinity;
  const today = startOf(at, DAY);
  if (today < standing.since) return 0;
  return capOn(calendar, today === standing.since ? standing.day : Math.max(1, standing.day - 1));
}
