/** Moments as clients write them. */
import * as z from "zod";

const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** ISO 8601 date or date-time, UTC where it names no zone, or ms since 1970 → ms UTC; else NaN. */
export function momentOfText(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (!ISO.test(text)) return NaN;
  const zoned = text.length === 10 || /(Z|[+-]\d\d:\d\d)$/.test(text);
  return Date.parse(zoned ? text : `${text}Z`);
}

export const Moment = z.string().transform((text, context) => {
  const at = momentOfText(text);
  if (!Number.isNaN(at)) return at;
  context.issues.push({
    code: "custom",
    message: "expected an ISO 8601 date or time, or ms since 1970",
    input: text,
  });
  return z.NEVER;
}).describe("ISO 8601 date or date-time (UTC where no zone is given), or ms since 1970");
