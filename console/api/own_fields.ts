/** Which fields of its own the sender of a message, or of a campaign, told of recipients. */
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { type Mailing, newestOf } from "./mailing.ts";
import { type Route, route } from "./route.ts";

const FieldsShape = z.strictObject({
  items: z.array(z.strictObject({
    name: z.string().describe("`fields.` before it makes a column of lists"),
    copies: z.int().nonnegative().describe("Copies that have a text there"),
  })).describe("By name; of more than 1,000 the first"),
});

export function ownFields({ queries }: Pick<ConsoleDeps, "queries">): Route[] {
  async function list(account: string, mailing: Mailing) {
    const { id } = await newestOf(queries, account, mailing);
    const scope = "message" in mailing ? { message: id } : mailing;
    return { items: await queries.ownFields(account, scope) };
  }
  const answer = { status: 200, name: "RecipientFields", schema: FieldsShape } as const;
  return [
    route({
      method: "get",
      path: "/messages/{id}/fields",
      id: "listRecipientFields",
      summary: "Which fields of the sender's own the recipients of a message have",
      role: "analyst",
      answer,
      handle: ({ account, param }) => list(account, { message: param("id") }),
    }),
    route({
      method: "get",
      path: "/campaigns/{id}/fields",
      id: "listCampaignRecipientFields",
      summary: "The same for a campaign",
      role: "analyst",
      answer,
      handle: ({ account, param }) => list(account, { campaign: param("id") }),
    }),
  ];
}
