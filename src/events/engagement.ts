/**
 * Family `engagement`: raw facts of a hit on a tracking link. Who or what hit (human, proxy,
 * scanner) is decided at projection, so that a better classifier can be replayed over old events.
 */
import * as z from "zod";

const hit = {
  /** Privacy mode carried by the token; with `date-only`, agent, hints and address stay empty. */
  mode: z.enum(["date-only", "full"]),
  userAgent: z.string().max(1024),
  /**
   * Headers that tell programs from people, by lower-case name, as received: languages, client hints,
   * Sec-Fetch-*, signs of prefetching, and of Referer the host only.
   */
  hints: z.record(z.string(), z.string().max(512)),
  /** Client address truncated to /24 (IPv4) or /48 (IPv6); empty in `date-only`. */
  ip: z.string(),
  /**
   * From when this copy was prepared for the attempt that sent it until the hit, ms; null for links
   * that do not know.
   */
  sinceSent: z.int().nonnegative().nullable(),
};

export const Opened = z.strictObject({ ...hit });
export type Opened = z.infer<typeof Opened>;

export const Clicked = z.strictObject({
  ...hit,
  /** Position of the link in the message, from 0, as rewritten. */
  link: z.int().nonnegative(),
  url: z.string(),
});
export type Clicked = z.infer<typeof Clicked>;
