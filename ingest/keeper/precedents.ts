/**
 * What the log says was decided lately, by whomever. Nobody decides the same again, nor against those
 * who knew more: of several nodes one speaks, and what a person put right stays so.
 */
import { derivedId, type Event, type Family, type NewEvent } from "@chappe/src/events";
import { ALERT_HOLDS_MS, type SendingState } from "@chappe/src/sending";
import { platformEvent } from "./fact.ts";

/** Where decisions about addresses stand. */
export const SPOKEN = ["settings", "address", "shaping"] as const satisfies Family[];

export interface Precedents {
  /** Takes note of an event of the families in `SPOKEN`, in the order of the log. */
  heard(event: Event): void;
  /** Whether something in the log makes it needless, or speaks against it. */
  overrule(event: NewEvent): boolean;
  /** Until when a measure of the rule holds, by what was last said of it, ms UTC; 0: nothing was. */
  holdsUntil(measure: { rule: string; provider: string; address: string | null }): number;
  /** For measures whose time was over by `now` and of which nobody said so: that it is. */
  over(now: number): NewEvent<"shaping.expired">[];
}

interface Precedent {
  /** When it was last spoken of, ms UTC. */
  readonly at: number;
  readonly until: number;
}
interface About {
  readonly rule: string;
  readonly provider: string | null;
  readonly address: string | null;
}
interface ShapingPrecedent extends Precedent {
  readonly about: { rule: string; provider: string; address: string | null };
  readonly ended: boolean;
}

/** Of each kind, the most that is remembered; what was spoken of longest ago goes first. */
const REMEMBERED = 10_000;

/** @param state what is in force at the beginning, from however long ago */
export function createPrecedents(state: SendingState): Precedents {
  const shaping = new Map<string, ShapingPrecedent>();
  const said = new Map<string, Precedent>();
  /** Address → until when it is paused; null: until it is resumed. */
  const paused = new Map<string, number | null>();
  /** Address → when it was last resumed by hand. */
  const resumed = new Map<string, number>();

  for (const measure of state.measures.values()) {
    const { rule, provider, address, from: at, until } = measure;
    const about = { rule, provider, address };
    shaping.set(keyOf(about), { about, at, until, ended: false });
  }
  for (const { ip, state: { kind, ...rest } } of state.addresses.values()) {
    if (kind === "paused" && "until" in rest) paused.set(ip, rest.until);
  }

  return {
    heard(event) {
      const { at } = event;
      switch (event.type) {
        case "shaping.applied":
        case "shaping.expired": {
          const { rule, provider, address } = event.data;
          const about = { rule, provider, address };
          const ended = event.type === "shaping.expired";
          const until = event.type === "shaping.expired" ? at : event.data.until;
          keep(shaping, keyOf(about), { about, at, until, ended });
          break;
        }
        case "address.paused":
          keep(paused, event.data.address, event.data.until);
          keep(said, keyOf({ ...event.data, provider: null }), {
            at,
            until: event.data.until ?? Infinity,
          });
          break;
        case "address.alerted":
          keep(said, keyOf(event.data), { at, until: at + ALERT_HOLDS_MS });
          break;
        case "address.resumed":
          paused.delete(event.data.address);
          keep(resumed, event.data.address, at);
          break;
        case "settings.address-added":
        case "settings.address-removed":
          paused.delete(event.data.address);
      }
    },

    overrule(event) {
      const { at } = event;
      switch (event.type) {
        case "shaping.applied": {
          const last = shaping.get(keyOf(event.data));
          if (last === undefined) return false;
          // As in the automation: what holds is prolonged when half its time is over.
          return last.at >= at || last.until - at > (event.data.until - at) / 2;
        }
        case "shaping.expired": {
          const last = shaping.get(keyOf(event.data));
          return last !== undefined && (last.ended || last.until !== at);
        }
        case "address.paused": {
          const { address, until } = event.data;
          const now = paused.get(address);
          const asLong = now === null ||
            (now !== undefined && until !== null && now >= until);
          return asLong || (resumed.get(address) ?? -1) >= at ||
            holds(said.get(keyOf({ ...event.data, provider: null })), at);
        }
        case "address.alerted":
          return holds(said.get(keyOf(event.data)), at);
        default:
          return false;
      }
    },

    holdsUntil: (measure) => shaping.get(keyOf(measure))?.until ?? 0,

    over(now) {
      return [...shaping.values()]
        .filter(({ ended, until }) => !ended && until <= now)
        .map(({ about, until }) => {
          const id = derivedId(
            "shaping-expired",
            about.rule,
            about.provider,
            about.address ?? "",
            until,
          );
          const data = { ...about, early: false };
          return platformEvent({ id, type: "shaping.expired", data }, until);
        });
    },
  };
}

function holds(last: Precedent | undefined, at: number): boolean {
  return last !== undefined && last.until > at;
}

function keyOf({ rule, provider, address }: About): string {
  return `${rule} ${provider ?? "*"} ${address ?? "*"}`;
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > REMEMBERED) map.delete(map.keys().next().value!);
}
