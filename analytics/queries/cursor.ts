/** Where a page of messages ended: opaque to clients, checked when it comes back. */
import * as z from "zod";
import { BadQueryError } from "./port.ts";
import type { Sort } from "./sort.ts";

const Cursor = z.strictObject({
  /** The sort it belongs to, e.g. `-sentAt`. */
  sort: z.string(),
  /** Value of the sort column in the last row, then what tells apart rows that share it. */
  value: z.union([z.string(), z.int()]),
  message: z.uuid(),
  rcpt: z.int(),
});
export type Cursor = z.infer<typeof Cursor>;

export function writeCursor(cursor: Cursor): string {
  return new TextEncoder().encode(JSON.stringify(cursor))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/** @throws {BadQueryError} when it is not ours, or belongs to another sort. */
export function readCursor(text: string, sort: Sort): Cursor {
  let found: unknown;
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    found = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    found = undefined;
  }
  const { success, data } = Cursor.safeParse(found);
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
