/** What all analyses stand in: which one, of which messages, as files. */
import type { Queries } from "@chappe/analytics";
import type { Child, FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import type { Answered } from "../answered.ts";
import { page } from "../layout.tsx";
import { linkTo } from "../links.ts";
import { FirstMail } from "../parts.tsx";
import { Choices } from "./choices.tsx";
import { type Period, PERIODS } from "./question.ts";

export const ANALYSES = ["technical", "bounces", "reactions"] as const;
export type Analysis = typeof ANALYSES[number];

export const pathOf = (analysis: Analysis) => `/analysis/${analysis}`;

export interface AnalysisOptions {
  queries: Queries;
  account: string;
  parameters: URLSearchParams;
  /** ms UTC */
  now: number;
  tryLine: string;
}

type Props<Found> = {
  analysis: Analysis;
  parameters: URLSearchParams;
  answer: Answered<Found>;
  period(found: Found): Period | null;
  /** Fields of this analysis alone. */
  fields: Child;
  /** Beside the heading. */
  tools(found: Found): Child;
  children(found: Found): Child;
};

/** The page with its status: where the parameters cannot be used, it says why. */
export function analysisPage<Found>(view: View, props: Props<Found>) {
  const { t } = view;
  const { analysis, parameters, answer } = props;
  const { found, problem, status } = answer;
  const content = page(view, {
    title: t.analysis.titles[analysis],
    refresh: 30,
    class: "analysis",
    children: (
      <>
        <header class="page-head">
          <h1>{t.analysis.titles[analysis]}</h1>
          <Tabs view={view} analysis={analysis} parameters={parameters} />
          <Periods
            view={view}
            path={pathOf(analysis)}
            parameters={parameters}
            current={problem !== null ? null : props.period(found)}
          />
        </header>
        <Choices view={view} path={pathOf(analysis)} parameters={parameters}>
          {props.fields}
        </Choices>
        {problem !== null ? <p class="alert" role="alert">{t.messages.badFilter(problem)}</p> : (
          <>
            <div class="page-head">
              <p class="lead">{t.analysis.leads[analysis]}</p>
              {props.tools(found)}
            </div>
            <div class="stack" data-region="analysis">{props.children(found)}</div>
          </>
        )}
      </>
    ),
  });
  return { content, status };
}

/** What narrows one analysis narrows the others. */
const SHARED = ["range", "from", "to", "campaign", "message"];

const Tabs: FC<{ view: View; analysis: Analysis; parameters: URLSearchParams }> = (
  { view, analysis, parameters },
) => {
  const shared = new URLSearchParams([...parameters].filter(([name]) => SHARED.includes(name)));
  return (
    <nav class="segments" aria-label={view.t.nav.analysis}>
      {ANALYSES.map((other) => (
        <a
          href={linkTo(pathOf(other), shared)}
          aria-current={other === analysis ? "page" : undefined}
        >
          {view.t.analysis.tabs[other]}
        </a>
      ))}
    </nav>
  );
};

type PeriodsProps = {
  view: View;
  path: string;
  parameters: URLSearchParams;
  current: Period | null;
};

const Periods: FC<PeriodsProps> = ({ view, path, parameters, current }) => {
  const { t } = view;
  const names = { ...t.overview.ranges, all: t.analysis.all };
  return (
    <nav class="segments" aria-label={t.overview.range}>
      {PERIODS.map((range) => (
        <a
          href={linkTo(path, parameters, { range, from: null, to: null })}
          aria-current={range === current ? "true" : undefined}
        >
          {names[range]}
        </a>
      ))}
    </nav>
  );
};

/** There is nothing to draw: what makes it come. */
export const Nothing: FC<{ view: View; analysis: Analysis; tryLine: string }> = (
  { view, analysis, tryLine },
) => (
  <section class="card">
    <FirstMail view={view} {...view.t.analysis.nothing[analysis]} line={tryLine} />
  </section>
);
