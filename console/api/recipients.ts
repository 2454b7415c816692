/** To whom a message, or a campaign, went, and what became of each copy. */
import type { Filter, MessageFilter } from "@chappe/analytics";
import { STATUSES } from "@chappe/src/rules";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { FilterText } from "./filter.ts";
import { type Mailing, newestOf } from "./mailing.ts";
import { ColumnSort, paging } from "./parameters.ts";
import { type Route, route } from "./route.ts";
import { messageItem, MessagePage } from "./shapes.ts";

/** Filters ready to use, as analysts know them (seed "Le détail par utilisateur"). */
const PRESETS: Readonly<Record<string, Filter | undefined>> = {
  all: undefined,
  delivered: { field: "delivered", operator: "eq", value: true },
  cancelled: { field: "status", operator: "in", value: ["soft_bounced", "cancelled"] },
  engaged: { field: "opened", operator: "eq", value: true },
};

export const RecipientsQuery = z.strictObject({
  preset: z.enum(Object.keys(PRESETS) as [string]).default("all")
    .describe("cancelled: soft and hard bounces; engaged: opened or clicked"),
  search: z.string().max(998).describe("Part of an address, or a status").optional(),
  filter: FilterText.optional(),
  sort: ColumnSort.default("recipient"),
  ...paging,
});
type RecipientsQuery = z.infer<typeof RecipientsQuery>;

/** Which of them are meant. @throws {HTTPException} 404 when there is no such mailing here */
export async function recipientsFilter(
  queries: ConsoleDeps["queries"],
  account: string,
  mailing: Mailing,
  { preset, search, filter }: Pick<RecipientsQuery, "preset" | "search" | "filter">,
): Promise<MessageFilter> {
  const { id } = await newestOf(queries, account, mailing);
  const parts = [PRESETS[preset], filter, search === undefined ? undefined : sought(search)]
    .filter((part) => part !== undefined);
  const where: Filter | undefined = parts.length === 0 ? undefined : { and: parts };
  return { ...("message" in mailing ? { message: id } : mailing), where };
}

export function recipients({ queries }: Pick<ConsoleDeps, "queries">): Route[] {
  async function list(account: string, mailing: Mailing, query: RecipientsQuery) {
    const filter = await recipientsFilter(queries, account, mailing, query);
    const found = await queries.messages(account, filter, query);
    return { items: found.items.map(messageItem), next: found.next };
  }
  const answer = { status: 200, name: "MessagePage", schema: MessagePage } as const;
  return [
    route({
      method: "get",
      path: "/messages/{id}/recipients",
      id: "listRecipients",
      summary: "To whom a message went, and what became of each copy",
      role: "analyst",
      query: RecipientsQuery,
      answer,
      handle: ({ account, param, query }) => list(account, { message: param("id") }, query),
    }),
    route({
      method: "get",
      path: "/campaigns/{id}/recipients",
      id: "listCampaignRecipients",
      summary: "The same for a campaign",
      role: "analyst",
      query: RecipientsQuery,
      answer,
      handle: ({ account, param, query }) => list(account, { campaign: param("id") }, query),
    }),
  ];
}

function sought(search: string): Filter {
  const recipient: Filter = { field: "recipient", operator: "contains", value: search };
  const part = search.toLowerCase().replaceAll(" ", "_");
  const statuses = STATUSES.filter((status) => status.includes(part));
  return { or: [recipient, { field: "status", operator: "in", value: statuses }] };
}
