/** Changing addresses and pools: decide on the state as it stands, append, start over if somebody was first. */
import {
  type Event,
  event,
  type EventData,
  familyOf,
  type NewEvent,
  uuidv7,
} from "../events/mod.ts";
import { ConflictError, type EventLog } from "../log/mod.ts";
import { evolveSending, type SendingState } from "../sending/mod.ts";
import type { AddressFact } from "./fact.ts";
import { type Held, readHeld } from "./held.ts";

/** What was appended (nothing, perhaps), and the sequence of the log from which it counts. */
export interface AddressChange {
  readonly facts: readonly AddressFact[];
  /** Who follows the log up to here has seen the change (`LiveSending.seq`). */
  readonly seq: number;
  /** As the change leaves them. */
  readonly sending: SendingState;
}

/**
 * Appends what `decide` wants, all of one family, as one commit. What it throws goes through: it
 * refuses.
 * @param by who did it, for the envelope: `user:<e-mail>`, `api-key:<key>`, `operator`
 */
export async function changeAddresses(
  events: EventLog,
  decide: (held: Held) => readonly AddressFact[],
  now: () => number,
  by?: string,
): Promise<AddressChange> {
  while (true) {
    const { seqs, ...held } = await readHeld(events);
    const facts = decide(held);
    if (facts.length === 0) {
      return { facts, seq: Math.max(0, ...seqs.values()), sending: held.sending };
    }
    const at = now();
    const made = facts.map(({ type, account, data }) =>
      event(
        type,
        { id: uuidv7(at), account, at, ...by !== undefined && { by } },
        data as EventData<typeof type>,
      ) as NewEvent
    );
    try {
      const expected = seqs.get(familyOf(facts[0]!.type)) ?? 0;
      const [first] = await events.appendExpecting(made, expected);
      const recorded = made.map((e) => ({ ...e, recorded: at }) as Event);
      return { facts, seq: first!.seq, sending: recorded.reduce(evolveSending, held.sending) };
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}
