/** What a source address keeps to at a provider now: the provider's shaping, and measures on top. */
import { measuresAt } from "./candidates.ts";
import type { SendingState } from "./model.ts";
import { DEFAULT_SHAPING, PROVIDER_SHAPING } from "./provider_shaping_data.ts";

export interface Limits {
  readonly connections: number;
  readonly messagesPerConnection: number;
  /** Null: no pace. */
  readonly perMinute: number | null;
}

export function limitsOf(
  state: SendingState,
  { ip, provider, at }: { ip: string | null; provider: string; at: number },
): Limits {
  const shaping = Object.hasOwn(PROVIDER_SHAPING, provider)
    ? PROVIDER_SHAPING[provider]!
    : DEFAULT_SHAPING;
  let { connections, perMinute } = shaping;
  for (const { action, address } of measuresAt(state, provider, at)) {
    if (address !== null && address !== ip) continue;
    if (action.kind === "connections") connections = Math.min(connections, action.most);
    if (action.kind === "slow") perMinute = Math.min(perMinute ?? Infinity, action.perMinute);
  }
  return { connections, perMinute, messagesPerConnection: shaping.messagesPerConnection };
}
