/** Decisions about source addresses. */
import { dateOf, type SendingState, type SourceAddress, stateAt } from "../sending/mod.ts";
import { normaliseDomain, RefusedError } from "../settings/mod.ts";
import { calendarNamed } from "./decide_calendar.ts";
import { type AddressFact, fact } from "./fact.ts";
import type { Held } from "./held.ts";
import { normaliseIp } from "./ip.ts";

/** Warming starts, or goes on, with that day of the calendar today. */
export type WantedStanding =
  | { readonly kind: "warming"; readonly day: number }
  | { readonly kind: "warm" }
  | { readonly kind: "retired" };

export interface NewAddress {
  readonly address: string;
  /** What it calls itself in EHLO: a domain that its PTR names, and that leads back to it. */
  readonly ehlo: string;
  readonly pool: string;
  readonly calendar?: string;
  readonly standing?: WantedStanding;
}

/** In any spelling. @throws {RefusedError} when there is none */
export function addressOf(sending: SendingState, text: string): SourceAddress {
  const found = sending.addresses.get(normaliseIp(text));
  if (found === undefined) throw new RefusedError("unknown", `${text} is no source address`);
  return found;
}

/** Without a standing it warms up from day 1. @param at now, ms UTC. @throws {RefusedError} */
export function addAddress(
  { sending }: Held,
  { address, ehlo, pool, calendar = "default", standing = { kind: "warming", day: 1 } }: NewAddress,
  at: number,
): AddressFact[] {
  const ip = normaliseIp(address);
  if (sending.addresses.has(ip)) {
    throw new RefusedError("taken", `${ip} is a source address already`);
  }
  checkPlace(sending, { pool, calendar, standing });
  return [fact("settings.address-added", {
    address: ip,
    ehlo: normaliseDomain(ehlo),
    pool,
    calendar,
    standing: dated(standing, at),
  })];
}

/** Changes what is named; nothing when it stands so already. @throws {RefusedError} */
export function changeAddress(
  { sending }: Held,
  { address, standing, ...given }: Partial<NewAddress> & Pick<NewAddress, "address">,
  at: number,
): AddressFact[] {
  const before = addressOf(sending, address);
  const now = stateAt(before, at);
  if (standing !== undefined && standing.kind !== "retired" && now.kind === "paused") {
    throw new RefusedError("forbidden", `${before.ip} is paused: resume it first`);
  }
  const wanted = {
    ...given,
    ...given.ehlo !== undefined && { ehlo: normaliseDomain(given.ehlo) },
  };
  const goesOn = now.kind === "paused" ? now.then : now;
  checkPlace(sending, { calendar: before.calendar, ...wanted, standing: standing ?? goesOn });
  const differs = Object.entries(wanted).filter(([key, value]) =>
    value !== undefined && value !== before[key as keyof typeof wanted]
  );
  const moved = standing !== undefined && !isSame(standing, before, at);
  if (differs.length === 0 && !moved) return [];
  return [fact("settings.address-changed", {
    address: before.ip,
    ...Object.fromEntries(differs),
    ...moved && { standing: dated(standing, at) },
  })];
}

/** @throws {RefusedError} */
export function removeAddress({ sending }: Held, { address }: { address: string }): AddressFact[] {
  return [fact("settings.address-removed", { address: addressOf(sending, address).ip })];
}

/** @throws {RefusedError} where a pool or calendar is named that is not there, or a day beyond its end */
function checkPlace(
  sending: SendingState,
  { pool, calendar, standing }: Partial<Pick<NewAddress, "pool" | "calendar" | "standing">>,
): void {
  if (pool !== undefined && !sending.pools.has(pool)) {
    throw new RefusedError("unknown", `there is no pool "${pool}"`);
  }
  if (calendar === undefined) return;
  const { lastDay } = calendarNamed(sending, calendar);
  if (standing?.kind === "warming" && standing.day > lastDay) {
    const last = `the last day of calendar "${calendar}" is ${lastDay}`;
    throw new RefusedError("invalid", `day ${standing.day} is none: ${last}`);
  }
}

/** Events name the UTC day. */
function dated(standing: WantedStanding, at: number) {
  return standing.kind === "warming" ? { ...standing, date: dateOf(at) } : standing;
}

function isSame(standing: WantedStanding, { state }: SourceAddress, at: number): boolean {
  if (standing.kind !== "warming" || state.kind !== "warming") return standing.kind === state.kind;
  return standing.day === state.day && dateOf(state.since) === dateOf(at);
}
