/** How many addresses a volume needs. */
import { pastSince } from "@chappe/src/addresses";
import { ADDRESS_TABLE, adviseByTraffic, adviseFor, DAY, startOf } from "@chappe/src/sending";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { type Route, route } from "./route.ts";

const count = z.int().nonnegative();
const shape = {
  addresses: count.describe("0: the shared ones serve it better"),
  volume: count.describe("Messages a day that it is about"),
  basis: z.enum(["below-table", "table", "between-rows", "beyond-table"]),
  words: z.string(),
};

const AddressAdvice = z.strictObject({
  table: z.array(z.strictObject({ addresses: count, from: count, to: count }))
    .describe("Messages a day that so many addresses carry"),
  forVolume: z.strictObject(shape).nullable(),
  byTraffic: z.strictObject({
    ...shape,
    days: count.describe("With traffic, of the last four weeks"),
    percentile: z.number(),
  }).describe("By what the account sent"),
});

const AdviceQuery = z.strictObject({
  volume: z.coerce.number<string>().int().min(0).max(1_000_000_000).optional()
    .describe("Messages a day"),
});

export function advice({ queries, now }: Pick<ConsoleDeps, "queries" | "now">): Route[] {
  return [
    route({
      method: "get",
      path: "/advice/addresses",
      id: "adviseAddresses",
      summary: "How many addresses a volume needs, and how many the account's own traffic does",
      role: "analyst",
      query: AdviceQuery,
      answer: { status: 200, name: "AddressAdvice", schema: AddressAdvice },
      async handle({ account, query: { volume } }) {
        const at = now();
        const range = { from: pastSince(at), to: startOf(at, DAY) };
        const { items } = await queries.stats(account, { ...range, groupBy: "day" });
        return {
          table: [...ADDRESS_TABLE],
          forVolume: volume === undefined ? null : adviseFor(volume),
          byTraffic: adviseByTraffic(items.map(({ sent }) => sent)),
        };
      },
    }),
  ];
}
