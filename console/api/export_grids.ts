/** What can be exported. */
import { filledGrid, GROUPINGS } from "@chappe/analytics";
import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import { BouncesQuery } from "./bounces.ts";
import { type ExportGrid, exportGrid } from "./export_grid.ts";
import { HEATMAP_COLUMNS, heatmapOf } from "./heatmap.ts";
import { HitsQuery } from "./hits.ts";
import type { Mailing } from "./mailing.ts";
import { grouping } from "./message_search.ts";
import { filterOf, MessageId, MessagesQuery, StatsQuery, SuppressionsQuery } from "./parameters.ts";
import { InvalidParametersError } from "./problem.ts";
import { HoursQuery, ReactionsQuery } from "./reactions.ts";
import { recipientsFilter, RecipientsQuery } from "./recipients.ts";
import { SeriesQuery } from "./series.ts";
import { TechnicalQuery } from "./technical.ts";

/** A list is not cut into pages. */
const PAGE = { limit: true, cursor: true } as const;

const mailing = {
  message: MessageId.describe("Its id; or else `campaign`").optional(),
  campaign: z.string().max(998).optional(),
};

function mailingOf({ message, campaign }: { message?: string; campaign?: string }): Mailing {
  if (message !== undefined && campaign === undefined) return { message };
  if (campaign !== undefined && message === undefined) return { campaign };
  const detail = "give either a message or a campaign";
  throw new InvalidParametersError([{ parameter: "message", detail }]);
}

const GIVEN = {
  messages: exportGrid({
    summary: "Messages as a file: CSV, JSON Lines, XLS or XLSX",
    list: MessagesQuery.omit(PAGE),
    find: ({ exports }, account, query, columns) =>
      exports.messages(account, filterOf(query), { sort: query.sort, columns }),
  }),
  recipients: exportGrid({
    summary: "The recipients of a message or of a campaign as a file",
    list: RecipientsQuery.omit(PAGE).extend(mailing),
    async find({ exports, queries }, account, query, columns) {
      const filter = await recipientsFilter(queries, account, mailingOf(query), query);
      const shown = { sort: query.sort, columns };
      return { ...exports.messages(account, filter, shown), name: "recipients" };
    },
  }),
  groups: exportGrid({
    summary: "Messages grouped by a column, with the number of each group, as a file",
    list: MessagesQuery.omit({ ...PAGE, sort: true }).extend(grouping),
    find({ exports }, account, { groupBy, sort, timezone, ...query }, columns) {
      return exports.groups(account, filterOf(query), { groupBy, sort, timezone, columns });
    },
  }),
  hits: exportGrid({
    summary: "Every open and click, with who made it and on what, as a file",
    list: HitsQuery.omit(PAGE),
    find: ({ exports }, account, { sort, ...filter }, columns) =>
      exports.hits(account, filter, { sort, columns }),
  }),
  suppressions: exportGrid({
    summary: "The suppression list as a file",
    list: SuppressionsQuery.omit(PAGE),
    find: ({ exports }, account, { sort, ...filter }, columns) =>
      exports.suppressions(account, filter, { sort, columns }),
  }),
  stats: exportGrid({
    summary: "Figures of a period by group as a file",
    list: StatsQuery.extend({ groupBy: z.enum(GROUPINGS) }),
    find: ({ exports }, account, query, columns) => exports.stats(account, query, columns),
  }),
  series: exportGrid({
    summary: "Figures over time as a file",
    list: SeriesQuery,
    find: ({ exports }, account, query, columns) => exports.series(account, query, columns),
  }),
  bounces: exportGrid({
    summary: "Bounces by class, provider, reply and more as a file",
    list: BouncesQuery,
    find: ({ exports }, account, { by, ...query }, columns) =>
      exports.bounces(account, { ...query, groupBy: [...new Set(by)] }, columns),
  }),
  technical: exportGrid({
    summary: "Systems, browsers, devices and mail clients as a file, subtotals too",
    list: TechnicalQuery,
    find: ({ exports }, account, { machines, ...query }) =>
      exports.technical(account, { ...query, machines: machines === "true" }),
  }),
  reactions: exportGrid({
    summary: "Opens and clicks over the time since sending as a file",
    list: ReactionsQuery,
    find: ({ exports }, account, query, columns) => exports.reactions(account, query, columns),
  }),
  "sending-hours": exportGrid({
    summary: "How mail is received by weekday and hour of sending as a file",
    list: HoursQuery,
    find: ({ exports }, account, query, columns) => exports.sendingHours(account, query, columns),
  }),
  heatmap: exportGrid({
    summary: "Clicks on each link of a message or of a campaign as a file",
    list: z.strictObject(mailing),
    async find(deps, account, query, columns) {
      const { links } = await heatmapOf(deps, account, mailingOf(query));
      return filledGrid("heatmap", HEATMAP_COLUMNS, links, columns);
    },
  }),
  events: exportGrid({
    summary: "Events of a message as a file",
    list: z.strictObject({ message: MessageId.describe("Its id") }),
    async find({ exports }, account, { message }, columns) {
      const grid = await exports.events(account, message, columns);
      if (grid === null) throw new HTTPException(404, { message: "there is no such message" });
      return grid;
    },
  }),
};
export type GridName = keyof typeof GIVEN;
export const GRIDS: Readonly<Record<GridName, ExportGrid>> = GIVEN;
export const GRID_NAMES = Object.keys(GIVEN) as GridName[];
