/** On what messages were read. */
import { TECHNICAL_KEYS } from "@chappe/analytics";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { scope } from "./parameters.ts";
import { type Route, route } from "./route.ts";

const keys = z.array(z.enum(TECHNICAL_KEYS));
export const TechnicalQuery = z.strictObject({
  ...scope,
  rows: keys.max(4).default(["os"]).describe("Up to four, separated by commas, outermost first"),
  columns: keys.max(3).default([]).describe("Up to three, separated by commas"),
  hits: z.enum(["opens", "clicks", "both"]).default("both"),
  count: z.enum(["recipients", "hits"]).default("recipients"),
  machines: z.enum(["true", "false"]).default("false")
    .describe("Whether hits of proxies and scanners count too"),
});

const values = z.array(z.string());
const TechnicalShape = z.strictObject({
  rows: keys,
  columns: keys,
  items: z.array(z.strictObject({
    row: values.describe("Values of the first `rows`; fewer: a subtotal; none: all"),
    column: values.describe("Values of the first `columns`, likewise"),
    count: z.int().nonnegative(),
  })).describe("The grand total and subtotals too, largest first"),
});

export function technical({ queries }: Pick<ConsoleDeps, "queries">): Route[] {
  return [
    route({
      method: "get",
      path: "/stats/technical",
      id: "getTechnical",
      summary: "Systems, browsers, devices and mail clients, as a pivot with subtotals",
      role: "analyst",
      query: TechnicalQuery,
      messages: queries,
      answer: { status: 200, name: "Technical", schema: TechnicalShape },
      async handle({ account, query: { machines, ...query } }) {
        const { rows, columns } = query;
        const question = { ...query, machines: machines === "true" };
        return { rows, columns, items: await queries.technical(account, question) };
      },
    }),
  ];
}
