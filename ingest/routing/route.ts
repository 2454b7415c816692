/** Which way a copy takes: source address, EHLO name, limits, and why; or until when it waits. */
import type { Why } from "@chappe/src/events";
import type { LiveSending } from "@chappe/src/follow";
import type { Counters, Registers } from "@chappe/src/log";
import {
  assignmentOf,
  createChooser,
  createSheets,
  type Leaving,
  Ledger,
  type Limits,
  limitsOf,
  type Reservation,
  type SendingState,
  type Waiting,
} from "@chappe/src/sending";
import { type Sources, withSources } from "./sources.ts";

export interface Route extends Reservation {
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
}

export interface Router {
  /** @throws {LogUnavailableError} nothing is reserved: try later */
  choose(question: Leaving): Promise<Route | Waiting>;
  /** It was in other hands before: what it holds since then is free again. @throws as `choose` */
  cameBack(question: Leaving): Promise<void>;
  /** For a copy that nobody's servers take: no address is chosen. */
  nowhere(account: string): Route;
  /** What the address keeps to at the provider now. */
  limits(address: string | null, provider: string): Limits;
  /** Whether there is anything that could make a copy wait. */
  mayWait(): boolean;
  /** Gives back what lies idle of what was lent, or everything. */
  release(all?: boolean): Promise<void>;
}

export function createRouter(
  { sending, sources, registers, counters, node, now, freeAt }: {
    sending: Pick<LiveSending, "now">;
    sources: Sources;
    registers: Registers;
    /** In which an older version counted what it took. */
    counters: Pick<Counters, "get">;
    /** A name that no other node has, nor had. */
    node: string;
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
    sheets: createSheets({ registers, before: (key) => counters.get(key) }),
    node,
    now,
    freeAt,
  });
  return {
    async choose(question) {
      const chosen = await chooser.choose(question);
      return chosen.kind === "wait" ? chosen : { ...chosen, ehlo: chosen.ehlo ?? sources.hostname };
    },
    cameBack: (question) => chooser.cameBack(question),
    nowhere: (account) => ({
      kind: "send",
      pool: assignmentOf(current(), account).pools[0]!,
      address: null,
      ehlo: sources.hostname,
      why: { rule: "no-servers" },
      limits: limitsOf(current(), { ip: null, provider: "", at: now() }),
      beginBy: null,
      note: null,
      unused: () => Promise.resolve(),
    }),
    limits: (ip, provider) => limitsOf(current(), { ip, provider, at: now() }),
    mayWait: () => sending.now.addresses.size > 0 || sending.now.measures.size > 0,
    release: (all) => chooser.release(all),
  };
}
