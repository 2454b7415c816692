/** Figures of the addresses for operators' tools: as many as there are addresses and big providers. */
import type { LabelledValue, Metrics } from "@chappe/src/runtime";
import {
  calendarOf,
  dayCap,
  PROVIDER_SHAPING,
  type Reputation,
  type SendingState,
  type SourceAddress,
  stateAt,
} from "@chappe/src/sending";
import type { Tally } from "./tally.ts";

/** The most addresses that are told of one by one. */
const MOST = 200;
const PROVIDERS = Object.keys(PROVIDER_SHAPING);
const OUTCOMES = ["delivered", "deferred", "bounced", "complained"] as const;

export function showFigures(
  { metrics, state, reputation, tally, now }: {
    metrics: Metrics;
    state: () => SendingState;
    reputation: Reputation;
    tally: Tally;
    now: () => number;
  },
): void {
  const each = (values: (address: SourceAddress) => LabelledValue[]) => () =>
    [...state().addresses.values()].slice(0, MOST).flatMap(values);

  metrics.gauges(
    "chappe_address_state",
    "Source addresses, by state",
    each((address) => [[{ address: address.ip, state: stateAt(address, now()).kind }, 1]]),
  );
  metrics.gauges(
    "chappe_address_sent_today",
    "Attempts from the address in this UTC day that a server answered",
    each(({ ip }) => [[{ address: ip }, tally.on(ip, now())]]),
  );
  metrics.gauges(
    "chappe_address_cap_today",
    "The most that the address may send in this UTC day, where there is a cap",
    each((address) => {
      const cap = capToday(state(), address, now());
      return cap === null ? [] : [[{ address: address.ip }, cap]];
    }),
  );
  metrics.gauges(
    "chappe_address_received_1h",
    "How mail from the address was received within an hour, in all and by big providers",
    each(({ ip }) =>
      [null, ...PROVIDERS].flatMap((provider) => {
        const counts = reputation.figures(ip, provider, "1h", now());
        return OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => {
          const labels = { address: ip, provider: provider ?? "all", outcome };
          return [labels, counts[outcome]] as const;
        });
      })
    ),
  );
  metrics.gauge(
    "chappe_shaping_measures",
    "Measures in force",
    () => [...state().measures.values()].filter(({ until }) => until > now()).length,
  );
}

function capToday(state: SendingState, address: SourceAddress, now: number): number | null {
  const standing = stateAt(address, now);
  if (standing.kind !== "warming") return standing.kind === "warm" ? null : 0;
  const cap = dayCap(calendarOf(state, address), standing, now);
  return cap === Infinity ? null : cap;
}
