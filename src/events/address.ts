/**
 * Family `address`: what became of our source addresses. Decisions about a warm-up carry the figures
 * they were taken from, and hold for one UTC day: without one, an address sends as little as the
 * worst decision would allow.
 */
import * as z from "zod";
import { Figures } from "./figures.ts";

const source = { address: z.union([z.ipv4(), z.ipv6()]) };
const decision = {
  ...source,
  /** Day of the calendar that `date` counts as, from 1. */
  day: z.int().positive(),
  /** The UTC day it was decided for: `2026-11-22`. */
  date: z.iso.date(),
  /** The most it may send on that day. */
  cap: z.int().nonnegative(),
  rule: z.string(),
  figures: Figures,
  /** The decision as a sentence. */
  words: z.string(),
};

export const WarmupAdvanced = z.strictObject(decision);
export const WarmupHeld = z.strictObject(decision);
export const WarmupSteppedBack = z.strictObject(decision);
/** The calendar is behind it: no cap from now on. */
export const WarmupFinished = z.strictObject({
  ...source,
  rule: z.string(),
  figures: Figures,
  words: z.string(),
});

/** Sends nothing until then; null: until somebody says so. */
export const Paused = z.strictObject({
  ...source,
  until: z.int().nullable(),
  rule: z.string(),
  figures: Figures,
  words: z.string(),
});
/** Goes on where it was, before its time. */
export const Resumed = z.strictObject({ ...source, words: z.string() });

/** A DNS block list (RFC 5782) names the address, or names it no longer. */
export const Listed = z.strictObject({
  ...source,
  list: z.string(),
  /** A records, e.g. 127.0.0.2. */
  answers: z.array(z.string()),
  words: z.string(),
});
export const Delisted = z.strictObject({ ...source, list: z.string() });

/** Something that a person should look at. */
export const Alerted = z.strictObject({
  ...source,
  /** Where it is about one provider. */
  provider: z.string().nullable(),
  rule: z.string(),
  figures: Figures,
  words: z.string(),
});
