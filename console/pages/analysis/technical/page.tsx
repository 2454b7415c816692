/** On what messages were read (seed, "Statistiques techniques"). */
import { TECHNICAL_KEYS, type TechnicalKey } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import * as z from "zod";
import { TechnicalQuery } from "../../../api/technical.ts";
import { requireMessage } from "../../../web/find_message.ts";
import type { View } from "../../../web/view.ts";
import { answered } from "../../answered.ts";
import { Export, gridPath } from "../../export.tsx";
import { linkTo } from "../../links.ts";
import { Select } from "../choices.tsx";
import { type AnalysisOptions, analysisPage, Nothing, pathOf } from "../page.tsx";
import { period, readAsked, scopeParameters } from "../question.ts";
import { pivotTable } from "./pivot_table.ts";
import { Pivot } from "./table.tsx";

/** Folded lines, by their names. */
const CLOSED = "closed";

const { rows, columns } = TechnicalQuery.shape;
const ROWS: TechnicalKey[] = ["os", "device"];
const COLUMNS: TechnicalKey[] = ["browser"];
const PageQuery = z.strictObject({
  ...TechnicalQuery.shape,
  ...period,
  rows: rows.unwrap().default(ROWS),
  columns: columns.unwrap().default(COLUMNS),
});
type PageQuery = z.infer<typeof PageQuery>;

export async function technicalPage(view: View, options: AnalysisOptions) {
  const { queries, account } = options;
  const closed = new Set(options.parameters.getAll(CLOSED));
  const parameters = new URLSearchParams(options.parameters);
  parameters.delete(CLOSED);
  const answer = await answered(async () => {
    const { question, period } = readAsked<PageQuery>(parameters, PageQuery, {
      zone: view.zone,
      now: options.now,
    });
    // The form says "no columns" by an empty one.
    if (parameters.getAll("columns").join("") === "" && parameters.has("columns")) {
      question.columns = [];
    }
    await requireMessage(queries, account, question);
    const asked = { ...question, machines: question.machines === "true" };
    return { question, period, cells: await queries.technical(account, asked) };
  });
  return analysisPage(view, {
    analysis: "technical",
    parameters,
    answer,
    period: ({ period }) => period,
    fields: <Fields view={view} parameters={parameters} question={answer.found?.question} />,
    tools: ({ question }) => (
      <Export
        view={view}
        path={(file) =>
          gridPath("technical", {
            ...scopeParameters(question),
            rows: question.rows.join(),
            columns: question.columns.join(),
            hits: question.hits,
            count: question.count,
            machines: question.machines,
            ...file,
          })}
      />
    ),
    children: ({ question, cells }) =>
      cells.length === 0
        ? <Nothing view={view} analysis="technical" tryLine={options.tryLine} />
        : (
          <Pivot
            view={view}
            question={question}
            table={pivotTable(cells, sizeOf(question), closed)}
            folded={(closed) => linkTo(pathOf("technical"), parameters, { [CLOSED]: closed })}
            closed={closed}
          />
        ),
  });
}

const sizeOf = ({ rows, columns }: PageQuery) => ({ rows: rows.length, columns: columns.length });

type FieldsProps = { view: View; parameters: URLSearchParams; question: PageQuery | undefined };

/** A field for each row and column, and at least two and one. */
const Fields: FC<FieldsProps> = ({ view, parameters, question }) => {
  const { t } = view;
  const given = (name: string, others: readonly string[]) =>
    parameters.has(name) ? parameters.getAll(name).flatMap((value) => value.split(",")) : others;
  const [row = "", inner = "", ...more] = question?.rows ?? given("rows", ROWS);
  const [column = "", ...others] = question?.columns ?? given("columns", COLUMNS);
  const key = (key: TechnicalKey) => t.technical.keys[key];
  const chosen = (name: string, other: string) => parameters.get(name) ?? other;
  return (
    <>
      <Select
        label={t.technical.rows}
        name="rows"
        values={TECHNICAL_KEYS}
        chosen={row}
        text={key}
      />
      {[inner, ...more].map((chosen) => (
        <Select
          label={t.technical.within}
          name="rows"
          values={TECHNICAL_KEYS}
          chosen={chosen}
          text={key}
          none={t.technical.none}
        />
      ))}
      {[column, ...others].map((chosen) => (
        <Select
          label={t.technical.columns}
          name="columns"
          values={TECHNICAL_KEYS}
          chosen={chosen}
          text={key}
          none={t.technical.none}
        />
      ))}
      <Select
        label={t.technical.hits}
        name="hits"
        values={["both", "opens", "clicks"]}
        chosen={chosen("hits", "both")}
        text={(value) => t.technical.hit[value]}
      />
      <Select
        label={t.technical.count}
        name="count"
        values={["recipients", "hits"]}
        chosen={chosen("count", "recipients")}
        text={(value) => t.technical.counts[value]}
      />
      <Select
        label={t.technical.who}
        name="machines"
        values={["false", "true"]}
        chosen={chosen("machines", "false")}
        text={(value) => t.technical.machines[value]}
      />
    </>
  );
};
