/** Decisions to hold an address back, and to let it go on. */
import { stateAt } from "../sending/mod.ts";
import { RefusedError } from "../settings/mod.ts";
import { addressOf } from "./decide_address.ts";
import { type AddressFact, fact } from "./fact.ts";
import type { Held } from "./held.ts";

/** The rule that pauses by hand go by. */
export const BY_HAND = "by-hand";

export interface Pause {
  readonly address: string;
  /** ms UTC; null: until somebody resumes it. */
  readonly until: number | null;
  readonly reason: string;
}

/** Nothing when it is paused just so. @param at now, ms UTC. @throws {RefusedError} */
export function pauseAddress(
  { sending }: Held,
  { address, until, reason }: Pause,
  at: number,
): AddressFact[] {
  const source = addressOf(sending, address);
  const state = stateAt(source, at);
  if (state.kind === "retired") {
    throw new RefusedError("forbidden", `${source.ip} is retired: it sends nothing anyway`);
  }
  if (until !== null && until <= at) {
    throw new RefusedError("invalid", "a pause ends after now");
  }
  if (state.kind === "paused" && state.until === until && state.reason === BY_HAND) return [];
  const time = until === null ? "until resumed" : `until ${new Date(until).toISOString()}`;
  const words = `Paused by hand ${time}: ${reason}.`;
  return [fact("address.paused", { address: source.ip, until, rule: BY_HAND, figures: {}, words })];
}

/** Nothing when it is not paused. @param at now, ms UTC. @throws {RefusedError} */
export function resumeAddress(
  { sending }: Held,
  { address }: { address: string },
  at: number,
): AddressFact[] {
  const source = addressOf(sending, address);
  const state = stateAt(source, at);
  if (state.kind !== "paused") return [];
  const words = `Resumed by hand; it was paused by ${state.reason}.`;
  return [fact("address.resumed", { address: source.ip, words })];
}
