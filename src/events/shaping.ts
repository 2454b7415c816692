/** Family `shaping`: what was done, for a time, about how a provider receives our mail. */
import * as z from "zod";
import { Figures } from "./figures.ts";

export const ShapingAction = z.discriminatedUnion("kind", [
  /** Nothing is sent there: from one address, or from any. */
  z.strictObject({ kind: z.literal("suspend"), scope: z.enum(["address", "provider"]) }),
  /** No more than so many messages a minute from the address. */
  z.strictObject({ kind: z.literal("slow"), perMinute: z.number().positive() }),
  /** No more than so many connections at once from the address. */
  z.strictObject({ kind: z.literal("connections"), most: z.int().positive() }),
  /** What would leave from the address's pool leaves from another one. */
  z.strictObject({ kind: z.literal("switch-pool"), pool: z.string() }),
]);
export type ShapingAction = z.infer<typeof ShapingAction>;

const what = {
  rule: z.string(),
  provider: z.string(),
  /** The source address it is about; null: whatever address. */
  address: z.string().nullable(),
};

export const ShapingApplied = z.strictObject({
  ...what,
  /** The pool of that address. */
  pool: z.string(),
  action: ShapingAction,
  /** ms UTC. */
  until: z.int(),
  figures: Figures,
  words: z.string(),
});
export type ShapingApplied = z.infer<typeof ShapingApplied>;

/** No longer in force; `early`: somebody lifted it before its time. */
export const ShapingExpired = z.strictObject({ ...what, early: z.boolean() });
