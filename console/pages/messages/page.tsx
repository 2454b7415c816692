/** The list of messages. */
import type { MessageRow, Page, Queries } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import { filterOf } from "../../api/parameters.ts";
import type { View } from "../../web/view.ts";
import { answered } from "../answered.ts";
import { page } from "../layout.tsx";
import { Export } from "../export.tsx";
import { FirstMail } from "../parts.tsx";
import { Columns } from "./columns.tsx";
import { Filters, isFiltered } from "./filters.tsx";
import { Grid } from "./grid.tsx";
import {
  exportPath,
  firstPage,
  nextPage,
  PAGE_SIZES,
  previousPage,
  readPageQuery,
} from "./query.ts";

type Options = {
  queries: Queries;
  account: string;
  parameters: URLSearchParams;
  tryLine: string;
};
type Listing = { rows: Page<MessageRow>; sort: string; limit: number };

/** Where the filters cannot be used, the page says why. */
export async function messagesPage(view: View, options: Options) {
  const { t } = view;
  const { parameters } = options;
  const { found: listing, problem, status } = await answered(() => list(view, options));
  const content = page(view, {
    title: t.messages.title,
    refresh: 3,
    class: "messages",
    children: (
      <>
        <header class="page-head">
          <h1>{t.messages.title}</h1>
          {listing !== null && (
            <>
              <Export view={view} path={(file) => exportPath(parameters, view.zone, file)} />
              <PageSizes view={view} parameters={parameters} limit={listing.limit} />
            </>
          )}
        </header>
        <Filters view={view} parameters={parameters} />
        {listing !== null && (
          <Columns view={view} parameters={parameters} rows={listing.rows.items} />
        )}
        <section class="card list" data-region="list">
          {listing === null
            ? <p class="alert" role="alert">{t.messages.badFilter(problem)}</p>
            : listing.rows.items.length === 0
            ? <Nothing view={view} parameters={parameters} tryLine={options.tryLine} />
            : (
              <>
                <Grid
                  view={view}
                  rows={listing.rows.items}
                  sort={listing.sort}
                  {...{ parameters }}
                />
                <Pager view={view} parameters={parameters} next={listing.rows.next} />
              </>
            )}
        </section>
      </>
    ),
  });
  return { content, status };
}

async function list(view: View, { queries, account, parameters }: Options): Promise<Listing> {
  const query = readPageQuery(parameters, view.zone);
  const rows = await queries.messages(account, filterOf(query), query);
  return { rows, sort: query.sort, limit: query.limit };
}

const Nothing: FC<{ view: View; parameters: URLSearchParams; tryLine: string }> = (
  { view, parameters, tryLine },
) => {
  const { t } = view;
  if (isFiltered(parameters) || parameters.has("cursor")) {
    return (
      <div class="empty">
        <p>{t.messages.noMatch}</p>
        <p>
          <a class="button" href="/messages">{t.messages.reset}</a>
        </p>
      </div>
    );
  }
  return (
    <FirstMail view={view} title={t.messages.empty} lead={t.messages.emptyLead} line={tryLine} />
  );
};

const PageSizes: FC<{ view: View; parameters: URLSearchParams; limit: number }> = (
  { view, parameters, limit },
) => (
  <nav class="segments" aria-label={view.t.messages.perPage}>
    <span>{view.t.messages.perPage}</span>
    {PAGE_SIZES.map((size) => (
      <a
        href={firstPage(parameters, { limit: String(size) })}
        aria-current={size === limit ? "true" : undefined}
      >
        {size}
      </a>
    ))}
  </nav>
);

const Pager: FC<{ view: View; parameters: URLSearchParams; next: string | null }> = (
  { view, parameters, next },
) => {
  const { t } = view;
  const previous = previousPage(parameters);
  if (previous === null && next === null) return null;
  return (
    <nav class="pager" aria-label={t.messages.pages}>
      {previous !== null && <a class="button" href={firstPage(parameters)}>{t.messages.first}</a>}
      {previous !== null && <a class="button" rel="prev" href={previous}>{t.messages.previous}</a>}
      {next !== null && (
        <a class="button" rel="next" href={nextPage(parameters, next)}>{t.messages.next}</a>
      )}
    </nav>
  );
};
