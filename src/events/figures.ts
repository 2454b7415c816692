/** The counters that a decision looked at, by name. */
import * as z from "zod";

export const Figures = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));
export type Figures = z.infer<typeof Figures>;
