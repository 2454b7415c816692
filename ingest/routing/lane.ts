/** Lanes of the queue: those that one line could not serve without one provider delaying another. */
import { PROVIDERS } from "./provider_data.ts";

/** Lanes that the many providers share which are not known by name. */
export const SHARED_LANES = 16;

/** The lane of a provider: its own where it is known by name, else one of a few, always the same. */
export function laneOf(provider: string): string {
  if (Object.hasOwn(PROVIDERS, provider)) return provider;
  let sum = 0;
  for (let i = 0; i < provider.length; i++) sum = (sum * 31 + provider.charCodeAt(i)) >>> 0;
  return `other-${sum % SHARED_LANES}`;
}
