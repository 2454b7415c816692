/** From quotas to what `route` looks at. */
import type { Quota } from "./quota.ts";
import type { View } from "./route.ts";

/**
 * @param quotas of the address for the message; none: no cap.
 * @param leftOf how many can be taken from a quota now.
 * @param warm what tells equals without a cap apart: how many each sent of late.
 */
export function viewOf(
  quotas: readonly Quota[],
  leftOf: (quota: Quota) => number,
  { warm, paceAt }: { warm: number; paceAt: number },
): View {
  const [own] = quotas;
  if (own === undefined) return { used: warm, weight: 1, left: Infinity, moreAt: null, paceAt };
  let left = Infinity;
  let moreAt: number | null = 0;
  for (const quota of quotas) {
    const here = leftOf(quota);
    left = Math.min(left, here);
    if (here > 0 || moreAt === null) continue;
    moreAt = quota.nextAt === null ? null : Math.max(moreAt, quota.nextAt);
  }
  const used = Math.max(0, own.limit - leftOf(own));
  return { used, weight: Math.max(1, own.hourly), left, moreAt: left > 0 ? null : moreAt, paceAt };
}
