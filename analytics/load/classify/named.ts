/** What a hit is by itself: by the name its agent gives, and by the headers that came with it. */
import type { Actor } from "./actor.ts";
import {
  A_BROWSER,
  APPLICATIONS,
  BOTS,
  CUT_SHORT,
  GATEWAYS,
  type Machine,
  NO_BROWSER,
  PROXIES,
} from "./data/machines.ts";
import { MAIL_CLIENTS } from "./data/mail_clients.ts";
import type { RawHit } from "./hit.ts";
import { gatewayOf } from "./network.ts";
import { Recent } from "./recent.ts";

/** Agents are few: most hits of a day come from some hundreds of them. */
const known = new Recent<Machine | null>(4096);
/** Characters that are read of an agent: the longest that people send have some 400. */
const READ = 512;

/** The machine that calls itself so; null for what a person reads mail with. */
export function machineOf(userAgent: string): Machine | null {
  return known.get(userAgent, () => find(userAgent.slice(0, READ)));
}

function find(userAgent: string): Machine | null {
  const among = (machines: readonly Machine[]) =>
    machines.find(({ agent }) => agent.test(userAgent));
  const maker = among(PROXIES) ?? among(GATEWAYS);
  if (maker !== undefined) return maker;
  if (MAIL_CLIENTS.some(({ agent }) => agent.test(userAgent))) return null;
  const other = among(APPLICATIONS) ?? among(BOTS);
  if (other !== undefined) return other;
  if (A_BROWSER.test(userAgent)) return null;
  return userAgent.startsWith("Mozilla/") ? CUT_SHORT : NO_BROWSER;
}

/** Headers that browsers say with that they fetch ahead of their reader, and what they say. */
const PURPOSES = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
const AHEAD = /prefetch|preview|prerender/i;

/** What a hit is by itself. */
export interface Own {
  actor: Actor;
  reason: string;
  /** Set on a scanner whose images would pass for a person's: they are a scanner's too. */
  tells?: true;
}

/** From this hit's own facts alone. */
export function named(hit: RawHit): Own {
  if (PURPOSES.some((name) => AHEAD.test(hit.hints[name] ?? ""))) {
    return { actor: "prefetch", reason: "header-purpose" };
  }
  if (hit.userAgent === "") {
    // No browser leaves it out; some mail applications do when they load images.
    const isMachine = hit.ip !== "" && hit.kind === "click";
    return { actor: isMachine ? "scanner" : "unknown", reason: "no-agent" };
  }
  const machine = machineOf(hit.userAgent);
  if (machine !== null) {
    const own = { actor: machine[hit.kind], reason: `agent-${machine.name}` };
    return machine === CUT_SHORT && hit.kind === "click" ? { ...own, tells: true } : own;
  }
  if (/"HeadlessChrome"/.test(hit.hints["sec-ch-ua"] ?? "")) {
    return { actor: "scanner", reason: "hint-headless" };
  }
  // Images that a mail service fetches from its own network may be for its reader; links are not.
  const gateway = hit.kind === "click" ? gatewayOf(hit.ip) : null;
  if (gateway !== null) return { actor: "scanner", reason: `network-${gateway}`, tells: true };
  return { actor: "human", reason: "no-sign-of-a-machine" };
}
