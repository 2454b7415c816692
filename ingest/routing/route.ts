/** Which way a copy takes: source address, EHLO name, limits, and why; or until when it waits. */
import type { Why } from "@chappe/src/events";
import type { LiveSending } from "@chappe/src/follow";
import type { Counters } from "@chappe/src/log";
import {
  assignmentOf,
  createChooser,
  Ledger,
  type Limits,
  limitsOf,
  type SendingState,
  type Waiting,
} from "@chappe/src/sending";
import { type Sources, withSources } from "./sources.ts";

export interface Route {
  readonly kind: "send";
  readonly pool: string;
  /** Source IP address to bind to; null leaves it to the system. */
  readonly address: string | null;
  readonly ehlo: string;
  readonly why: Why;
  /** What the address keeps to at the provider. */
  readonly limits: Limits;
  /** When MAIL FROM has to have been sent, ms UTC; null: any time. */
  readonly beginBy: number | null;
  /** No transaction was begun: its place goes to another copy. */
  unused(): void;
}

export interface Router {
  /** @throws {LogUnavailableError} nothing is reserved: try later */
  choose(question: { account: string; provider: string }): Promise<Route | Waiting>;
  /** For a copy that nobody's servers take: no address is chosen. */
  nowhere(account: string): Route;
  /** What the address keeps to at the provider now. */
  limits(address: string | null, provider: string): Limits;
  /** Whether there is anything that could make a copy wait. */
  mayWait(): boolean;
  /** Gives back what lies idle of the counters, or everything. */
  release(all?: boolean): Promise<void>;
}

export function createRouter(
  { sending, sources, counters, now, freeAt }: {
    sending: Pick<LiveSending, "now">;
    sources: Sources;
    counters: Pick<Counters, "add">;
    now: () => number;
    /** When the line of the address at the provider takes another copy; not later than now: at once. */
    freeAt: (address: string | null, provider: string) => number;
  },
): Router {
  const complete = withSources(sources);
  let seen: SendingState | null = null;
  let state = complete(sending.now);
  function current(): SendingState {
    if (seen !== sending.now) state = complete(seen = sending.now);
    return state;
  }
  const chooser = createChooser({
    state: current,
    ledger: new Ledger(),
    add: (key, amount) => counters.add(key, amount),
    now,
    freeAt,
  });
  return {
    async choose(question) {
      const chosen = await chooser.choose(question);
      return chosen.kind === "wait" ? chosen : { ...chosen, ehlo: chosen.ehlo ?? sources.hostname };
    },
    nowhere: (account) => ({
      kind: "send",
      pool: assignmentOf(current(), account).pools[0]!,
      address: null,
      ehlo: sources.hostname,
      why: { rule: "no-servers" },
      limits: limitsOf(current(), { ip: null, provider: "", at: now() }),
      beginBy: null,
      unused: () => {},
    }),
    limits: (ip, provider) => limitsOf(current(), { ip, provider, at: now() }),
    mayWait: () => sending.now.addresses.size > 0 || sending.now.measures.size > 0,
    release: (all) => chooser.release(all),
  };
}
