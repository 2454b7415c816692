/** Lists as the API gives them, and what their items share. */
import * as z from "zod";
import type { LastUse } from "@chappe/src/settings";

export const Time = z.iso.datetime({ precision: 3 });
export const iso = (at: number): string => new Date(at).toISOString();

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    next: z.string().nullable().describe("Give it back as `cursor`; null at the end"),
  });
}

/** A list that is never longer than one page. */
export const allOf = <Item>(items: Iterable<Item>): { items: Item[]; next: null } => ({
  items: [...items],
  next: null,
});

/** When and from where something was used last; noted once an hour at the most. */
export const lastUseShape = {
  lastUsedAt: Time.nullable().describe("To the hour; null: never, as far as is known"),
  lastUsedIp: z.string().nullable(),
};

export const lastUse = (use: LastUse | null) => ({
  lastUsedAt: use === null ? null : iso(use.at),
  lastUsedIp: use?.ip ?? null,
});

/** `Location` of what a POST to `collection` made. */
export const locationOf = (collection: string, id: string): string =>
  `${collection}/${encodeURIComponent(id)}`;
