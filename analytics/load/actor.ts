/** Decides who or what made a hit, from its raw facts. Pure, so that it can be replayed over old events. */
import { type Actor, AGENTS } from "./actor_data.ts";

export function actorOf(hit: { userAgent: string }): Actor {
  // Privacy mode "date-only" keeps no agent.
  if (hit.userAgent === "") return "unknown";
  return AGENTS.find(({ agent }) => agent.test(hit.userAgent))?.actor ?? "human";
}
