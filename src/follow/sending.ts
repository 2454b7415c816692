/** Source addresses, pools and measures that follow the log. */
import { evolveSending, NO_SENDING, type SendingState } from "../sending/mod.ts";
import { follow, type FollowOptions } from "./follow.ts";

export interface LiveSending {
  /** The state now. Hold on to it only for one decision. */
  readonly now: SendingState;
  /** Sequence of the last commit folded; 0 when there is none. */
  readonly seq: number;
  /** Called after each change. */
  onChange(listener: (state: SendingState) => void): void;
}

/** Folds what the log says of addresses, and goes on following. @throws {LogUnavailableError} */
export async function followSending(options: FollowOptions): Promise<LiveSending> {
  const listeners: ((state: SendingState) => void)[] = [];
  const live = {
    now: NO_SENDING,
    seq: 0,
    onChange: (listener: (state: SendingState) => void) => void listeners.push(listener),
  };
  await follow(options, ["settings", "address", "shaping"], ({ events, seq }) => {
    const before = live.now;
    live.now = events.reduce(evolveSending, before);
    live.seq = seq;
    if (live.now !== before) { for (const listener of listeners) listener(live.now); }
  });
  return live;
}
