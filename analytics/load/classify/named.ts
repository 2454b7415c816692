/** What a hit is by itself: by the name its agent gives, and by the headers that came with it. */
import type { Actor } from "./actor.ts";
import { type Machine, MACHINE_AGENTS } from "./data/machines.ts";
import type { RawHit } from "./hit.ts";
import { Recent } from "./recent.ts";

/** Agents are few: a day's traffic of a large sender has some ten thousand. */
const known = new Recent<Machine | null>(8192);

/** The machine that calls itself so, or null. */
export function machineOf(userAgent: string): Machine | null {
  return known.get(
    userAgent,
    () => MACHINE_AGENTS.find(({ agent }) => agent.test(userAgent)) ?? null,
  );
}

const PURPOSES = ["sec-purpose", "purpose", "x-purpose", "x-moz"];

/** Actor and reason from this hit's own facts alone. */
export function named(hit: RawHit): { actor: Actor; reason: string } {
  if (PURPOSES.some((name) => /prefetch|preview|prerender/i.test(hit.hints[name] ?? ""))) {
    return { actor: "prefetch", reason: "header-purpose" };
  }
  if (hit.userAgent === "") {
    // No browser leaves it out; some mail applications do when they load images.
    const isMachine = hit.ip !== "" && hit.kind === "click";
    return isMachine
      ? { actor: "scanner", reason: "no-agent" }
      : { actor: "unknown", reason: "no-agent" };
  }
  const machine = machineOf(hit.userAgent);
  if (machine === null) return { actor: "human", reason: "no-sign-of-a-machine" };
  return { actor: machine[hit.kind], reason: `agent-${machine.name}` };
}
