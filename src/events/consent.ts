/**
 * Family `consent`: whether a recipient agrees to be tracked. Who is meant is told by a tag
 * (rules/recipient), which tracking links carry too: the edge knows no addresses.
 */
import * as z from "zod";

const choice = {
  /** 64 bits in hex. */
  tag: z.string().regex(/^[0-9a-f]{16}$/),
  source: z.enum(["page", "api", "operator"]),
};
/** From now on nothing is recorded of this recipient, on mail already sent neither. */
export const ConsentWithdrawn = z.strictObject(choice);
export const ConsentGiven = z.strictObject(choice);
