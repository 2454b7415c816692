/** Family `feedback`: what recipients, or their providers, told us back. */
import * as z from "zod";

export const Complained = z.strictObject({
  /** RFC 5965 Feedback-Type, e.g. "abuse". */
  feedbackType: z.string(),
  userAgent: z.string(),
  source: z.enum(["arf", "api"]),
});
export type Complained = z.infer<typeof Complained>;

export const Unsubscribed = z.strictObject({
  method: z.enum(["one-click", "page", "mail", "api"]),
});
export type Unsubscribed = z.infer<typeof Unsubscribed>;
