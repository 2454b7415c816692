/** Lists of messages by any combination of conditions, as rows or as groups. */
import type { Group } from "@chappe/analytics";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { FilterShape } from "./filter.ts";
import { pageOf } from "./lists.ts";
import { ColumnShape, ColumnSort, sortBy } from "./parameters.ts";
import { type Route, route } from "./route.ts";
import { messageItem, MessagePage } from "./shapes.ts";

const asked = {
  filter: FilterShape.optional(),
  limit: z.int().min(1).max(1000).default(50),
  cursor: z.string().max(10_000).describe("`next` of the page before").optional(),
};
const Search = z.strictObject({ ...asked, sort: ColumnSort.default("-sentAt") });
/** How messages are grouped. */
export const grouping = {
  groupBy: ColumnShape,
  sort: sortBy(["count", "key"]).default("-count"),
  timezone: z.string().max(64).default("UTC")
    .describe("Of the days by which times are grouped, as in the IANA database"),
};
const Grouping = z.strictObject({ ...asked, ...grouping });

const GroupPageShape = pageOf(z.strictObject({
  key: z.union([z.string(), z.number(), z.boolean()]).nullable()
    .describe("Null: nothing stands there. Of a time: when the day begins, ms UTC"),
  count: z.int().nonnegative(),
  filter: z.unknown()
    .meta({
      description: "Lists the group, beside the filter",
      $ref: "#/components/schemas/Filter",
    }),
}));

export function messageSearch({ queries }: Pick<ConsoleDeps, "queries">): Route[] {
  return [
    route({
      method: "post",
      path: "/messages/search",
      id: "searchMessages",
      summary: "Messages that any combination of conditions lets through",
      role: "analyst",
      body: Search,
      repeatable: false,
      answer: { status: 200, name: "MessagePage", schema: MessagePage },
      async handle({ account, body: { filter, ...page } }) {
        const found = await queries.messages(account, { where: filter }, page);
        return { items: found.items.map(messageItem), next: found.next };
      },
    }),
    route({
      method: "post",
      path: "/messages/groups",
      id: "groupMessages",
      summary: "The same, grouped by a column, with the number of each group",
      role: "analyst",
      body: Grouping,
      repeatable: false,
      answer: { status: 200, name: "MessageGroups", schema: GroupPageShape },
      async handle({ account, body: { filter, ...page } }) {
        const { items, next } = await queries.groups(account, { where: filter }, page);
        return { items: items.map(groupItem), next };
      },
    }),
  ];
}

const groupItem = ({ key, count, where }: Group) => ({ key, count, filter: where });
