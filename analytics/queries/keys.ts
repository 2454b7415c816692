/** What copies `d` are grouped by. They count where they were sent, whenever the outcome came. */
import type { Dimension } from "./analyses.ts";
import type { Grouping } from "./port.ts";

/** Columns of deliveries: all groupings but those by time. */
export const DIMENSIONS: Readonly<Record<Dimension, string>> = {
  provider: "provider",
  domain: "domain",
  pool: "pool",
  address: "address",
  campaign: "campaign",
  billingCode: "billing_code",
};

export function isDimension(key: string): key is Dimension {
  return Object.hasOwn(DIMENSIONS, key);
}

/** Lengths of time by which figures are grouped, ms; 0: all times together. */
export const SLOTS = { all: 0, quarter: 900_000, hour: 3_600_000, day: 86_400_000 } as const;
export type Slot = keyof typeof SLOTS;

/** Start of the slot in which `time` falls, ms UTC. @param time SQL, Int64 */
export function startOf(slot: Slot, time: string): string {
  const length = SLOTS[slot];
  return length === 0 ? "toInt64(0)" : `intDiv(${time}, ${length}) * ${length}`;
}

export function isTime(grouping: Grouping): grouping is "day" | "hour" {
  return grouping === "day" || grouping === "hour";
}
