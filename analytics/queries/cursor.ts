/** Where a page of a list ended: opaque to clients, checked when it comes back. */
import * as z from "zod";
import { BadQueryError } from "./port.ts";
import type { Sort } from "./sort.ts";

const place = {
  /** The sort it belongs to, e.g. `-sentAt`. */
  sort: z.string(),
  /** Value of the sort column in the last row; besides it stands what tells apart rows that share it. */
  value: z.union([z.string(), z.int()]),
};
interface Place {
  sort: string;
  value: string | number;
}

export const Cursor = z.strictObject({ ...place, message: z.uuid(), rcpt: z.int() });
export type Cursor = z.infer<typeof Cursor>;
export const HitCursor = z.strictObject({ ...place, id: z.uuid() });
export type HitCursor = z.infer<typeof HitCursor>;
export const SuppressionCursor = z.strictObject({ ...place, recipient: z.string() });
export type SuppressionCursor = z.infer<typeof SuppressionCursor>;
export const GroupCursor = z.strictObject({ ...place, key: place.value });
export type GroupCursor = z.infer<typeof GroupCursor>;

export function writeCursor<T extends Place>(cursor: T): string {
  return new TextEncoder().encode(JSON.stringify(cursor))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/** @throws {BadQueryError} when it is not ours, or belongs to another sort. */
export function readCursor<T extends Place>(text: string, sort: Sort, shape: z.ZodType<T>): T {
  let found: unknown;
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    found = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    found = undefined;
  }
  const { success, data } = shape.safeParse(found);
  if (success && data.sort !== sort.name) {
    throw new BadQueryError(
      `cursor: belongs to a list sorted by ${data.sort}, not ${sort.name}; start again without it`,
    );
  }
  if (!success || typeof data.value !== sort.type) {
    throw new BadQueryError(
      "cursor: not one of ours; give back `next` of the page before as it is, or leave it out",
    );
  }
  return data;
}
