/** Figures over time. */
import { GROUPINGS, INTERVALS } from "@chappe/analytics";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { iso, Time } from "./lists.ts";
import { scope } from "./parameters.ts";
import { type Route, route } from "./route.ts";
import { FiguresShape } from "./shapes.ts";

export const SeriesQuery = z.strictObject({
  ...scope,
  interval: z.enum(INTERVALS).default("day"),
  groupBy: z.enum(GROUPINGS).exclude(["day", "hour"]).optional()
    .describe("One line for each; a single line without it"),
  lines: z.coerce.number<string>().int().min(1).max(100).default(10)
    .describe("Lines: those with the most messages"),
});

const SeriesShape = z.strictObject({
  items: z.array(z.strictObject({
    key: z.string(),
    points: z.array(z.strictObject({ at: Time, ...FiguresShape.shape }))
      .describe("In order of time; times in which nothing was sent are left out"),
  })),
});

export function series({ queries }: Pick<ConsoleDeps, "queries">): Route[] {
  return [
    route({
      method: "get",
      path: "/stats/series",
      id: "getSeries",
      summary: "Figures by hour or day of sending, one line for each value of a dimension",
      role: "analyst",
      query: SeriesQuery,
      messages: queries,
      answer: { status: 200, name: "Series", schema: SeriesShape },
      async handle({ account, query }) {
        const { items } = await queries.series(account, query);
        return {
          items: items.map(({ key, points }) => ({
            key,
            points: points.map((point) => ({ ...point, at: iso(point.at) })),
          })),
        };
      },
    }),
  ];
}
