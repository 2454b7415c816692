/** Source addresses that the configuration names, as long as the settings name none for the shared pool. */
import { type SendingState, SHARED, type SourceAddress } from "@chappe/src/sending";

export interface Sources {
  readonly addresses: readonly string[];
  /** What they call themselves in EHLO. */
  readonly hostname: string;
}

/**
 * The state with these addresses in the shared pool, warm. Those that the settings know are left to
 * the settings, wherever they stand there.
 */
export function withSources(
  { addresses, hostname }: Sources,
): (state: SendingState) => SendingState {
  const made = new WeakMap<SendingState["addresses"], SendingState["addresses"]>();

  function merge(known: SendingState["addresses"]): SendingState["addresses"] {
    const all = [...known.values()];
    if (all.some(({ pool, state }) => pool === SHARED && state.kind !== "retired")) return known;
    return new Map([
      ...addresses.map((ip): [string, SourceAddress] => [ip, {
        ip,
        ehlo: hostname,
        pool: SHARED,
        calendar: "default",
        state: { kind: "warm" },
        listed: new Set(),
      }]),
      ...known,
    ]);
  }

  return (state) => {
    if (addresses.length === 0) return state;
    let merged = made.get(state.addresses);
    if (merged === undefined) made.set(state.addresses, merged = merge(state.addresses));
    return merged === state.addresses ? state : { ...state, addresses: merged };
  };
}
