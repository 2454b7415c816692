/** What can be exported, and by which parameters: those of the list, with the form of the file. */
import { type Exports, type Format, FORMATS, type Grid, GROUPINGS } from "@chappe/analytics";
import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import { filterOf, MessagesQuery, readQuery, StatsQuery, SuppressionsQuery } from "./parameters.ts";

/** Of the file. */
const FileShape = {
  format: z.enum(FORMATS),
  columns: z.array(z.string().max(100)).max(100)
    .describe("Names of columns, separated by commas, in the order wanted; all without").optional(),
  bom: z.enum(["true", "false"]).describe("CSV: begin with a byte order mark, for Excel")
    .optional(),
  separator: z.enum([",", ";"]).describe("CSV: between cells; Excel in French expects ;")
    .optional(),
};
const FileQuery = z.object(FileShape);

/** A list's parameters without those that cut it into pages. */
const whole = <Shape extends z.core.$ZodLooseShape>({ shape }: z.ZodObject<Shape>) => {
  const { limit: _, cursor: __, ...rest } = shape;
  return { ...rest, ...FileShape };
};

const MessagesExport = z.strictObject(whole(MessagesQuery));
const SuppressionsExport = z.strictObject(whole(SuppressionsQuery));
const StatsExport = z.strictObject({
  ...StatsQuery.shape,
  groupBy: z.enum(GROUPINGS),
  ...FileShape,
});
const EventsExport = z.strictObject({
  message: z.string().max(100).describe("Id of the message"),
  ...FileShape,
});

export const GRIDS = ["messages", "suppressions", "stats", "events"] as const;
export type GridName = typeof GRIDS[number];

/** For checking and for the OpenAPI document. */
export const GRID_QUERIES: Readonly<Record<GridName, z.ZodObject>> = {
  messages: MessagesExport,
  suppressions: SuppressionsExport,
  stats: StatsExport,
  events: EventsExport,
};

export interface Order {
  grid: Grid;
  file: { format: Format; bom: boolean; separator: "," | ";" };
}

/** Reads the parameters, and finds the grid. @throws {HTTPException} 404 */
export async function orderOf(
  exports: Exports,
  account: string,
  name: GridName,
  parameters: URLSearchParams,
): Promise<Order> {
  switch (name) {
    case "messages": {
      const { file, columns, list } = split(readQuery(parameters, MessagesExport));
      const shown = { sort: list.sort, columns };
      return { grid: exports.messages(account, filterOf({ ...list, limit: 1 }), shown), file };
    }
    case "suppressions": {
      const { file, columns, list } = split(readQuery(parameters, SuppressionsExport));
      const { sort, ...filter } = list;
      return { grid: exports.suppressions(account, filter, { sort, columns }), file };
    }
    case "stats": {
      const { file, columns, list } = split(readQuery(parameters, StatsExport));
      return { grid: await exports.stats(account, list, columns), file };
    }
    case "events": {
      const { file, columns, list } = split(readQuery(parameters, EventsExport));
      const grid = await exports.events(account, list.message, columns);
      if (grid === null) throw new HTTPException(404, { message: "there is no such message" });
      return { grid, file };
    }
  }
}

/** What is said of the file, and what of the list. */
function split<Query extends z.infer<typeof FileQuery>>(query: Query) {
  const { format, columns, bom, separator = ",", ...list } = query;
  return { file: { format, bom: bom === "true", separator }, columns, list };
}
