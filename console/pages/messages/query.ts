/** The list page's own parameters: those of the API, with wall times, and the way back. */
import { MessagesQuery, readQuery } from "../../api/parameters.ts";
import { type Change, linkTo as linkToPage } from "../links.ts";
import { withMoments } from "../wall_times.ts";
import { fileColumns, withoutAdded } from "./added_columns.ts";

export const PAGE_SIZES = [30, 50, 100] as const;

/** Cursors of the pages before this one; a page far down forgets the first of them. */
const TRAIL = "trail";
const LONGEST_TRAIL = 30;

/**
 * Reads the page's parameters. `from` and `to` may be wall times of the reader's zone, as the form
 * sends them. @throws {InvalidParametersError}
 */
export function readPageQuery(parameters: URLSearchParams, zone: string): MessagesQuery {
  const translated = withoutAdded(withoutZone(parameters, zone));
  if (!parameters.get("limit")) translated.set("limit", String(PAGE_SIZES[0]));
  return readQuery(translated, MessagesQuery);
}

/** The API's parameters of the same list. */
function withoutZone(parameters: URLSearchParams, zone: string): URLSearchParams {
  const translated = withMoments(parameters, zone);
  translated.delete(TRAIL);
  return translated;
}

/** The whole list as a file. @param file parameters of its form */
export function exportPath(
  parameters: URLSearchParams,
  zone: string,
  file: Readonly<Record<string, string>>,
): string {
  const whole = withoutAdded(withoutZone(parameters, zone));
  for (const name of ["limit", "cursor"]) whole.delete(name);
  const columns = fileColumns(parameters);
  if (columns !== undefined) whole.set("columns", columns);
  for (const [name, value] of Object.entries(file)) whole.set(name, value);
  return `/api/v1/exports/messages?${whole}`;
}

const linkTo = (parameters: URLSearchParams, change: Change) =>
  linkToPage("/messages", parameters, change);

/** Parameters that a form on the page keeps beside its own: the list begins anew with it. */
export function othersOf(parameters: URLSearchParams, ...own: string[]): [string, string][] {
  const gone = [...own, "cursor", TRAIL];
  return [...parameters].filter(([name, value]) => !gone.includes(name) && value !== "");
}

/** The same list from its first page. */
export function firstPage(
  parameters: URLSearchParams,
  change: Change = {},
): string {
  return linkTo(parameters, { ...change, cursor: null, [TRAIL]: null });
}

export function nextPage(parameters: URLSearchParams, cursor: string): string {
  const following = new URLSearchParams(parameters);
  const trail = [...parameters.getAll(TRAIL), parameters.get("cursor") ?? ""].slice(-LONGEST_TRAIL);
  following.delete(TRAIL);
  for (const step of trail) following.append(TRAIL, step);
  return linkTo(following, { cursor });
}

/** Null on the first page. */
export function previousPage(parameters: URLSearchParams): string | null {
  const trail = parameters.getAll(TRAIL);
  const cursor = trail.pop();
  if (cursor === undefined) return parameters.has("cursor") ? firstPage(parameters) : null;
  const before = new URLSearchParams(parameters);
  before.delete(TRAIL);
  for (const step of trail) before.append(TRAIL, step);
  return linkTo(before, { cursor: cursor === "" ? null : cursor });
}
