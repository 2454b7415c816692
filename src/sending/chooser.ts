/**
 * One node's choice of an address with a place within its quotas: `route`, then the reservation, and
 * again where others were faster. Sheets and time are given; nothing else is shared by nodes.
 */
import { addressesOf, tiersOf } from "./candidates.ts";
import type { Ledger } from "./ledger.ts";
import { type Limits, limitsOf } from "./limits.ts";
import type { SendingState } from "./model.ts";
import { createPace } from "./pace.ts";
import { type Quota, quotasOf } from "./quota.ts";
import { createReserver, type Reservation } from "./reserve.ts";
import { type Look, route, type Routed, type Waiting } from "./route.ts";
import type { Sheets } from "./sheets.ts";
import { HOUR, startOf } from "./time.ts";
import { viewOf } from "./view.ts";

export interface Chosen extends Routed, Reservation {
  readonly limits: Limits;
  /** When it has to have begun, ms UTC: later its place is void, and it is chosen for anew. Null: any time. */
  readonly beginBy: number | null;
}

/** A copy that wants to leave. */
export interface Leaving {
  readonly account: string;
  readonly provider: string;
  /** Name of the copy and its attempt. */
  readonly copy: string;
}

export interface Chooser {
  /** @throws what the sheets throw: nothing is reserved, and the message is tried later */
  choose(question: Leaving): Promise<Chosen | Waiting>;
  /** It was in other hands before: what it holds since then is free again. @throws as `choose` */
  cameBack(question: Leaving): Promise<void>;
  /** Gives back what lies idle, or everything. Call it every few seconds, and once at the end. */
  release(all?: boolean): Promise<void>;
}

/** Paces remembered, by address and provider. */
const PACES = 10_000;

export function createChooser(
  { state, ledger, sheets, node, now, freeAt = () => 0 }: {
    /** As it stands now. */
    state: () => SendingState;
    ledger: Ledger;
    sheets: Sheets;
    /** A name that no other node has, nor had. */
    node: string;
    now: () => number;
    /** When the node's connections from the address to the provider let another message start. */
    freeAt?: (ip: string | null, provider: string, limits: Limits) => number;
  },
): Chooser {
  const reserver = createReserver({ ledger, sheets, node, now });
  const pace = createPace(PACES);
  /** What addresses sent in this hour, by this node: tells those without a cap apart. */
  const sent = { hour: 0, by: new Map<string | null, number>() };

  function sentBy(): Map<string | null, number> {
    const hour = startOf(now(), HOUR);
    if (hour !== sent.hour) {
      sent.hour = hour;
      sent.by.clear();
    }
    return sent.by;
  }
  function quotasFor(ip: string | null, provider: string, at: number): Quota[] {
    const source = ip === null ? undefined : state().addresses.get(ip);
    return source === undefined ? [] : quotasOf(state(), source, provider, at);
  }
  const look: Look = ({ ip }, { provider, at }) => {
    const limits = limitsOf(state(), { ip, provider, at });
    const paceAt = Math.max(
      pace.at(`${ip} ${provider}`, limits.perMinute, at),
      freeAt(ip, provider, limits),
    );
    const warm = sentBy().get(ip) ?? 0;
    const leftOf = (quota: Quota) => ledger.left(quota, at);
    return viewOf(quotasFor(ip, provider, at), leftOf, { warm, paceAt });
  };

  return {
    async choose({ account, provider, copy }) {
      for (;;) {
        const at = now();
        const result = route(state(), { account, provider, at }, look);
        if (result.kind === "wait") return result;
        const { address: ip } = result;
        const limits = limitsOf(state(), { ip, provider, at });
        // Before the answer of the sheets: others who ask meanwhile see it.
        pace.started(`${ip} ${provider}`, limits.perMinute, at);
        const by = sentBy();
        by.set(ip, (by.get(ip) ?? 0) + 1);
        const forget = () => by.set(ip, Math.max(0, (by.get(ip) ?? 0) - 1));
        const quotas = quotasFor(ip, provider, at);
        const reservation = await reserver.reserve(quotas, copy);
        if (reservation === null) {
          forget();
          continue;
        }
        const unused = () => {
          forget();
          return reservation.unused();
        };
        const beginBy = quotas.length === 0 ? null : quotas[0]!.until - ledger.options.guardMs;
        return { ...result, limits, beginBy, note: reservation.note, unused };
      }
    },
    async cameBack({ account, provider, copy }) {
      const at = now();
      const pools = tiersOf(state(), account, provider, at).map(({ pool }) => pool);
      const addresses = [...new Set(pools)].flatMap((pool) => addressesOf(state(), pool));
      const quotas = addresses.flatMap(({ ip }) => quotasFor(ip, provider, at));
      await reserver.cameBack(quotas, copy);
    },
    release: (all) => reserver.release(all),
  };
}
