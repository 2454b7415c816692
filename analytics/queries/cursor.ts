/** Where a page of messages ended: opaque to clients, checked when it comes back. */
import * as z from "zod";
import { BadQueryError } from "./port.ts";

const Cursor = z.strictObject({
  /** The sort it belongs to, e.g. `-sentAt`. */
  sort: z.string(),
  /** Value of the sort column in the last row, then what tells apart rows that share it. */
  value: z.union([z.string(), z.number()]),
  message: z.uuid(),
  rcpt: z.int(),
});
export type Cursor = z.infer<typeof Cursor>;

export function writeCursor(cursor: Cursor): string {
  return new TextEncoder().encode(JSON.stringify(cursor))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/** @throws {BadQueryError} when it is not ours, or belongs to another sort. */
export function readCursor(text: string, sort: string): Cursor {
  let found: unknown;
  try {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    found = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    found = undefined;
  }
  const { success, data } = Cursor.safeParse(found);
  if (!success) {
    throw new BadQueryError(
      "cursor: not one of ours; give back `next` of the page before as it is, or leave it out",
    );
  }
  if (data.sort !== sort) {
    throw new BadQueryError(
      `cursor: belongs to a list sorted by ${data.sort}, not ${sort}; start again without it`,
    );
  }
  return data;
}
