/** Figures of a period. */
import type { ConsoleDeps } from "../deps.ts";
import { StatsQuery } from "./parameters.ts";
import { type Route, route } from "./route.ts";
import { StatsShape } from "./shapes.ts";

export function stats({ queries }: Pick<ConsoleDeps, "queries">): Route[] {
  return [
    route({
      method: "get",
      path: "/stats",
      id: "getStats",
      summary: "Figures of a period, whole and by group",
      role: "analyst",
      query: StatsQuery,
      messages: queries,
      answer: { status: 200, name: "Stats", schema: StatsShape },
      handle: ({ account, query }) => queries.stats(account, query),
    }),
  ];
}
