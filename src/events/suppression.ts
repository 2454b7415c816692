/** Family `suppression`: the account's list of addresses that get no mail. */
import * as z from "zod";

export const SuppressionReason = z.enum([
  "hard-bounce",
  "complaint",
  "unsubscribe",
  "manual",
  "import",
]);
export type SuppressionReason = z.infer<typeof SuppressionReason>;

/** The envelope's `recipient` says who; in one commit with many others when it comes from an import. */
export const SuppressionAdded = z.strictObject({
  reason: SuppressionReason,
  /** Where it comes from: an event's type, `api`, a file's name. */
  source: z.string(),
  /** Words of whoever added it. */
  note: z.string().max(500).optional(),
});
export const SuppressionRemoved = z.strictObject({ by: z.string() });
