/** An SMTP reply as another server gave it to us, or we to a client (RFC 5321 §4.2, RFC 3463). */
import * as z from "zod";

export const Reply = z.strictObject({
  /** Three digits, e.g. 250. */
  code: z.int().min(200).max(599),
  /** RFC 3463 enhanced status code, e.g. "5.1.1". */
  enhanced: z.string().nullable(),
  text: z.string().max(2000),
});
export type Reply = z.infer<typeof Reply>;
