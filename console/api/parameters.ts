/** Query parameters, strictly: what is not known or not understood is refused by name. */
import {
  type Attention,
  ATTENTIONS,
  FIELD_NAMES,
  GROUPINGS,
  isOwnField,
  type MessageFilter,
} from "@chappe/analytics";
import { SuppressionReasonSchema } from "@chappe/src/events";
import { STATUSES } from "@chappe/src/rules";
import * as z from "zod";
import { FilterText } from "./filter.ts";
import { Moment } from "./moment.ts";
import { InvalidParametersError } from "./problem.ts";

const Text = z.string().max(998);

const SUPPRESSION_COLUMNS = ["recipient", "reason", "source", "by", "addedAt"] as const;

export function sortBy<Column extends string>(columns: readonly Column[]) {
  const sorts = columns.flatMap((column) => [column, `-${column}`] as const);
  return z.enum(sorts).describe("Column; `-` before it for descending");
}

const COLUMN = "expected a column, or fields.<name> for a field of the sender's own";
const SORT = `${COLUMN}; - before it for descending`;

/** A column of lists of messages. */
export const ColumnShape = z.union([
  z.enum(FIELD_NAMES),
  z.templateLiteral(["fields.", z.string()]).refine(isOwnField, COLUMN),
], COLUMN);

/** By what lists of messages are sorted. */
export const ColumnSort = z.union([
  sortBy(FIELD_NAMES),
  z.templateLiteral([z.enum(["", "-"]), "fields.", z.string()])
    .refine((sort) => isOwnField(sort.replace(/^-/, "")), SORT),
], SORT);

export const paging = {
  limit: z.coerce.number<string>().int().min(1).max(1000).default(50),
  cursor: z.string().max(10_000).describe("`next` of the page before").optional(),
};

const attentions = Object.fromEntries(
  ATTENTIONS.map((name) => [name, Text.describe("Of the options header").optional()]),
) as Record<Attention, z.ZodOptional<z.ZodString>>;

export const MessagesQuery = z.strictObject({
  recipient: Text.describe("Whole address or a part of it").optional(),
  sender: Text.describe("Whole address or a part of it").optional(),
  subject: Text.describe("Part of the subject, whatever its case").optional(),
  status: z.array(z.enum(STATUSES)).describe("One or more, separated by commas").optional(),
  type: z.enum(["to", "cc", "bcc"]).optional(),
  from: Moment.optional(),
  to: Moment.optional(),
  campaign: Text.optional(),
  reference: Text.describe("customerReference of the options header").optional(),
  billingCode: Text.describe("Of the options header").optional(),
  ...attentions,
  filter: FilterText.optional(),
  sort: ColumnSort.default("-sentAt"),
  ...paging,
});
export type MessagesQuery = z.infer<typeof MessagesQuery>;

export const SuppressionFilterQuery = z.strictObject({
  recipient: Text.describe("Whole address or a part of it").optional(),
  reason: z.array(SuppressionReasonSchema).describe("One or more, separated by commas").optional(),
  source: Text.describe("Exactly this").optional(),
  from: Moment.describe("Added at or after").optional(),
  to: Moment.describe("Added before").optional(),
});

export const SuppressionsQuery = z.strictObject({
  ...SuppressionFilterQuery.shape,
  sort: sortBy(SUPPRESSION_COLUMNS).default("-addedAt"),
  ...paging,
});

/** Of a message, in its one spelling. */
export const MessageId = z.string().max(100).toLowerCase();

/** Which messages a figure is about. */
export const scope = {
  from: Moment.describe("Sent at or after").optional(),
  to: Moment.describe("Sent before").optional(),
  campaign: Text.optional(),
  message: MessageId.describe("Its id").optional(),
};

export const StatsQuery = z.strictObject({
  ...scope,
  groupBy: z.enum(GROUPINGS).optional(),
  limit: z.coerce.number<string>().int().min(1).max(10_000).default(10_000)
    .describe("Groups: those with the most messages"),
});

/** For what takes no parameters. */
export const NoQuery = z.strictObject({});

/** Parameters that may hold several values, separated by commas or by repetition. */
const LISTS = new Set(["status", "reason", "by", "rows", "columns", "actor"]);

/**
 * Reads parameters by `schema`. Empty ones count as not given, as forms send them.
 * @throws {InvalidParametersError} naming each parameter that is unknown, repeated or malformed.
 */
export function readQuery<T>(parameters: URLSearchParams, schema: z.ZodType<T>): T {
  const values: Record<string, string | string[]> = {};
  const errors: { parameter: string; detail: string }[] = [];
  for (const name of new Set(parameters.keys())) {
    const given = parameters.getAll(name).filter((value) => value !== "");
    if (LISTS.has(name)) values[name] = given.flatMap(itemsOf);
    else if (given.length > 1) errors.push({ parameter: name, detail: "given more than once" });
    else if (given[0] !== undefined) values[name] = given[0];
    if (values[name]?.length === 0) delete values[name];
  }
  const result = schema.safeParse(values);
  for (const issue of result.error?.issues ?? []) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) errors.push({ parameter: key, detail: "unknown parameter" });
    } else {
      errors.push({ parameter: String(issue.path[0]), detail: issue.message });
    }
  }
  if (!result.success || errors.length > 0) throw new InvalidParametersError(errors);
  return result.data;
}

/** Separated by commas; one that has commas itself stands in double quotes, as in CSV. */
function itemsOf(list: string): string[] {
  return Array.from(
    list.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g),
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  );
}

/** As {@link readQuery} takes a list. */
export const listOf = (items: readonly string[]): string =>
  items.map((item) => /[,"]/.test(item) ? `"${item.replaceAll('"', '""')}"` : item).join(",");

type Shown = "sort" | "limit" | "cursor";

/** The filter without what is shown of it. */
export function filterOf(
  query: Omit<MessagesQuery, Shown> & Partial<Pick<MessagesQuery, Shown>>,
): MessageFilter {
  const { sort: _sort, limit: _limit, cursor: _cursor, filter: where, ...filter } = query;
  const wanted = ATTENTIONS.filter((name) => filter[name] !== undefined);
  const further = where === undefined ? {} : { where };
  if (wanted.length === 0) return { ...filter, ...further };
  const attentions = Object.fromEntries(wanted.map((name) => [name, filter[name]]));
  for (const name of wanted) delete filter[name];
  return { ...filter, attentions, ...further };
}
