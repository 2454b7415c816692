/** Family `access`: who used what to come in; at most once an hour for each, and by no means every time. */
import * as z from "zod";

export const AccessUsed = z.strictObject({
  kind: z.enum(["credential", "api-key", "user"]),
  /** Login, key id or e-mail address. */
  name: z.string(),
  ip: z.string(),
});
export type AccessUsed = z.infer<typeof AccessUsed>;
