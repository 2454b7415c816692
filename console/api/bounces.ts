/** What did not arrive. */
import { BOUNCE_KEYS, type Bounces } from "@chappe/analytics";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { scope } from "./parameters.ts";
import { type Route, route } from "./route.ts";

export const BouncesQuery = z.strictObject({
  ...scope,
  by: z.array(z.enum(BOUNCE_KEYS)).min(1).max(4).default(["class"])
    .describe("One to four, separated by commas"),
  limit: z.coerce.number<string>().int().min(1).max(1000).default(100),
});

const count = z.int().nonnegative();
const counts = {
  soft: count.describe("In error, as copies stand now"),
  hard: count.describe("Refused for good, or given up"),
};
const BouncesShape = z.strictObject({
  items: z.array(z.strictObject({
    keys: z.partialRecord(z.enum(BOUNCE_KEYS), z.string())
      .describe("Of the last attempt; a reply without addresses and long numbers"),
    ...counts,
  })).describe("Those with the most first"),
  total: z.strictObject({ ...counts, sent: count }),
}) satisfies z.ZodType<Bounces>;

export function bounces({ queries }: Pick<ConsoleDeps, "queries">): Route[] {
  return [
    route({
      method: "get",
      path: "/stats/bounces",
      id: "getBounces",
      summary: "Bounces, hard and soft, by class, provider, reply and more",
      role: "analyst",
      query: BouncesQuery,
      messages: queries,
      answer: { status: 200, name: "Bounces", schema: BouncesShape },
      handle: ({ account, query: { by, ...query } }) =>
        queries.bounces(account, { ...query, groupBy: [...new Set(by)] }),
    }),
  ];
}
