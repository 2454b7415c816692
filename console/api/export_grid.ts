/** One kind of list that can be a file: its parameters are those of the list, and those of the file. */
import { type Format, FORMATS, type Grid } from "@chappe/analytics";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { requireMessage } from "../web/find_message.ts";
import { readQuery } from "./parameters.ts";

/** Of the file. */
const form = {
  format: z.enum(FORMATS),
  bom: z.enum(["true", "false"]).describe("CSV: begin with a byte order mark, for Excel")
    .optional(),
  separator: z.enum([",", ";"]).describe("CSV: between cells; Excel in French expects ;")
    .optional(),
};
const columns = z.array(z.string().max(200)).max(100)
  .describe(
    "Names of columns, separated by commas (one with a comma in double quotes), in the order wanted; " +
      "all without, but of a recipient's own fields (`fields.<name>`) those named only",
  ).optional();

const Form = z.strictObject(form);
const FormWithColumns = z.strictObject({ ...form, columns });

export type GridDeps = Pick<ConsoleDeps, "exports" | "queries" | "bodies" | "optionsHeader">;

/** A grid, and the file it is to be. */
export interface Order {
  grid: Grid;
  file: { format: Format; bom: boolean; separator: "," | ";" };
}

export interface ExportGrid {
  summary: string;
  /** For checking and for the OpenAPI document. */
  query: z.ZodObject;
  /** Whether it may be about something that is not there: then 404. */
  mayBeMissing: boolean;
  /** @throws {InvalidParametersError} @throws {HTTPException} 404 */
  order(deps: GridDeps, account: string, parameters: URLSearchParams): Promise<Order>;
}

/** A list with its own `columns` has those of the file follow from them. */
export function exportGrid<Query>({ summary, list, find }: {
  summary: string;
  list: z.ZodObject & z.ZodType<Query>;
  find(
    deps: GridDeps,
    account: string,
    query: Query,
    columns: readonly string[] | undefined,
  ): Grid | Promise<Grid>;
}): ExportGrid {
  const { shape } = "columns" in list.shape ? Form : FormWithColumns;
  return {
    summary,
    mayBeMissing: "message" in list.shape,
    query: z.strictObject({ ...list.shape, ...shape }),
    async order(deps, account, parameters) {
      const [ofFile, ofList] = [true, false].map((is) =>
        new URLSearchParams([...parameters].filter(([name]) => Object.hasOwn(shape, name) === is))
      ) as [URLSearchParams, URLSearchParams];
      const { format, bom, separator = ",", columns } = readQuery(ofFile, FormWithColumns);
      const asked = readQuery(ofList, list);
      await requireMessage(deps.queries, account, asked as object);
      const grid = await find(deps, account, asked, columns);
      return { grid, file: { format, bom: bom === "true", separator } };
    },
  };
}
