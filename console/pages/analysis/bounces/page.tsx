/** What did not arrive, and why. */
import { BOUNCE_KEYS, type BounceKey, type Bounces, type Queries } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import * as z from "zod";
import { BouncesQuery } from "../../../api/bounces.ts";
import { requireMessage } from "../../../web/find_message.ts";
import type { View } from "../../../web/view.ts";
import { answered } from "../../answered.ts";
import { Export, gridPath } from "../../export.tsx";
import { linkTo } from "../../links.ts";
import { Select } from "../choices.tsx";
import { type AnalysisOptions, analysisPage, Nothing, pathOf } from "../page.tsx";
import { period, readAsked, scopeParameters } from "../question.ts";
import { HARD, listLink, SOFT } from "./list_link.ts";
import { BounceTable } from "./table.tsx";

/** Without `by`: each of these, its largest groups. */
const OVERVIEW = ["class", "provider", "reply"] as const satisfies BounceKey[];
const FEW = 8;

const { by } = BouncesQuery.shape;
const PageQuery = z.strictObject({
  ...BouncesQuery.shape,
  ...period,
  by: by.unwrap().optional(),
});
type PageQuery = z.infer<typeof PageQuery>;

/** Groups by some columns. */
interface Grouped {
  by: BounceKey[];
  bounces: Bounces;
}

export async function bouncesPage(view: View, options: AnalysisOptions) {
  const { queries, account, parameters } = options;
  const answer = await answered(async () => {
    const { question, period } = readAsked<PageQuery>(parameters, PageQuery, {
      zone: view.zone,
      now: options.now,
    });
    await requireMessage(queries, account, question);
    return { question, period, groups: await ask(queries, account, question) };
  });
  return analysisPage(view, {
    analysis: "bounces",
    parameters,
    answer,
    period: ({ period }) => period,
    fields: (
      <Select
        label={view.t.bounces.group}
        name="by"
        values={BOUNCE_KEYS}
        chosen={parameters.get("by") ?? ""}
        text={(key) => view.t.bounces.by[key]}
        none={view.t.bounces.overview}
      />
    ),
    tools: ({ question }) => (
      <Export
        view={view}
        path={(file) =>
          gridPath("bounces", {
            ...scopeParameters(question),
            by: (question.by ?? OVERVIEW).join(),
            ...file,
          })}
      />
    ),
    children({ question, groups }) {
      const { total } = groups[0]!.bounces;
      if (total.sent === 0) {
        return <Nothing view={view} analysis="bounces" tryLine={options.tryLine} />;
      }
      return (
        <>
          <Tiles view={view} question={question} total={total} />
          {total.soft + total.hard > 0 && groups.map(({ by, bounces }) => (
            <BounceTable
              view={view}
              by={by}
              bounces={bounces}
              scope={question}
              more={question.by === undefined && bounces.items.length === FEW
                ? linkTo(pathOf("bounces"), parameters, { by })
                : null}
            />
          ))}
        </>
      );
    },
  });
}

function ask(queries: Queries, account: string, question: PageQuery): Promise<Grouped[]> {
  const { by, ...scope } = question;
  const groupings = by === undefined ? OVERVIEW.map((key) => [key]) : [[...new Set(by)]];
  const limit = by === undefined ? FEW : question.limit;
  return Promise.all(groupings.map(async (groupBy) => ({
    by: groupBy,
    bounces: await queries.bounces(account, { ...scope, groupBy, limit }),
  })));
}

type TilesProps = { view: View; question: PageQuery; total: Bounces["total"] };

const Tiles: FC<TilesProps> = ({ view, question, total: { soft, hard, sent } }) => {
  const { t, format } = view;
  return (
    <section aria-label={t.bounces.figures}>
      <div class="tiles few">
        <div class="tile sent">
          <strong>{format.number(sent)}</strong>
          <span>{t.overview.sent}</span>
        </div>
        <a class="tile soft_bounced" href={listLink(question, {}, [SOFT])}>
          <strong>{format.number(soft)}</strong>
          <span>{t.bounces.soft}</span>
        </a>
        <a class="tile cancelled" href={listLink(question, {}, [HARD])}>
          <strong>{format.number(hard)}</strong>
          <span>{t.bounces.hard}</span>
        </a>
        <div class="tile failed">
          <strong>{format.percent((soft + hard) / sent)}</strong>
          <span>{t.overview.rate.bounce}</span>
        </div>
      </div>
      {soft + hard === 0 && <p class="note">{t.bounces.none(format.number(sent))}</p>}
    </section>
  );
};
