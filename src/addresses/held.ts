/** What decisions about source addresses look at, read from the log. */
import type { Event, Family } from "../events/mod.ts";
import type { EventLog } from "../log/mod.ts";
import { evolveSending, NO_SENDING, type SendingState } from "../sending/mod.ts";
import { evolve, NO_SETTINGS, type SettingsState } from "../settings/mod.ts";

export interface Held {
  readonly sending: SendingState;
  readonly settings: SettingsState;
}

export const NOTHING_HELD: Held = { sending: NO_SENDING, settings: NO_SETTINGS };

/** One event later. */
export function evolveHeld({ sending, settings }: Held, event: Event): Held {
  return { sending: evolveSending(sending, event), settings: evolve(settings, event) };
}

/** Reads it once, with the sequence of the last commit of each family. */
export async function readHeld(
  events: Pick<EventLog, "read">,
): Promise<Held & { seqs: ReadonlyMap<Family, number> }> {
  let held = NOTHING_HELD;
  const seqs = new Map<Family, number>();
  for await (const commit of events.read({ families: ["settings", "address", "shaping"] })) {
    held = commit.events.reduce(evolveHeld, held);
    seqs.set(commit.family, commit.seq);
  }
  return { ...held, seqs };
}
