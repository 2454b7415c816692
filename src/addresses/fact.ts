/** Facts as decisions about addresses make them: checked against the catalogue, without id and time. */
import type { EventData, EventType } from "../events/mod.ts";
import { checked, PLATFORM } from "../settings/mod.ts";

type Decided =
  | "settings.address-added"
  | "settings.address-changed"
  | "settings.address-removed"
  | "settings.pool-created"
  | "settings.pool-changed"
  | "settings.pools-assigned"
  | "settings.calendar-defined"
  | "settings.shaping-rule-defined"
  | "address.paused"
  | "address.resumed";

export type AddressFact = {
  [T in Decided]: { readonly type: T; readonly account: string; readonly data: EventData<T> };
}[Decided];

/** @throws {RefusedError} when the data does not fit its schema */
export function fact<T extends Decided & EventType>(
  type: T,
  data: EventData<T>,
  account = PLATFORM,
): AddressFact {
  return { type, account, data: checked(type, data) } as AddressFact;
}
