/** Family `suppression`: the account's list of addresses that get no mail. */
import * as z from "zod";

export const SuppressionAdded = z.strictObject({
  reason: z.enum(["hard-bounce", "complaint", "unsubscribe", "manual", "import"]),
  source: z.string(),
});
export const SuppressionRemoved = z.strictObject({ by: z.string() });
