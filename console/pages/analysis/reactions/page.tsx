/** How soon people react, and when to send. */
import type { Unit } from "@chappe/analytics";
import * as z from "zod";
import { ReactionsQuery } from "../../../api/reactions.ts";
import { requireMessage } from "../../../web/find_message.ts";
import type { View } from "../../../web/view.ts";
import { answered } from "../../answered.ts";
import { Export, gridPath } from "../../export.tsx";
import { Select } from "../choices.tsx";
import { type AnalysisOptions, analysisPage, Nothing } from "../page.tsx";
import { period, readAsked, scopeParameters } from "../question.ts";
import { ReactionsChart } from "./chart.tsx";
import { Hours } from "./hours.tsx";

/** How far a chart in each unit goes. */
const UNITS_SHOWN: Record<Unit, number> = { minute: 60, hour: 72, day: 30 };

const PageQuery = z.strictObject({
  ...ReactionsQuery.shape,
  ...period,
  units: ReactionsQuery.shape.units.unwrap().optional(),
});
type PageQuery = z.infer<typeof PageQuery>;

export async function reactionsPage(view: View, options: AnalysisOptions) {
  const { queries, account, parameters } = options;
  const { t, zone } = view;
  const answer = await answered(async () => {
    const asked = readAsked<PageQuery>(parameters, PageQuery, { zone, now: options.now });
    const { unit, units = UNITS_SHOWN[unit], ...scope } = asked.question;
    await requireMessage(queries, account, scope);
    const [steps, hours] = await Promise.all([
      queries.reactions(account, { ...scope, unit, units }),
      queries.sendingHours(account, { ...scope, timezone: zone }),
    ]);
    return { period: asked.period, scope, unit, units, steps, hours };
  });
  return analysisPage(view, {
    analysis: "reactions",
    parameters,
    answer,
    period: ({ period }) => period,
    fields: (
      <Select
        label={t.reactions.unit}
        name="unit"
        values={["minute", "hour", "day"]}
        chosen={parameters.get("unit") || "hour"}
        text={(unit) => t.reactions.units[unit]}
      />
    ),
    tools: ({ scope, unit, units }) => (
      <Export
        view={view}
        path={(file) =>
          gridPath("reactions", { ...scopeParameters(scope), unit, units: String(units), ...file })}
      />
    ),
    children({ scope, unit, steps, hours }) {
      if (steps.every(({ opens, clicks }) => opens + clicks === 0)) {
        return <Nothing view={view} analysis="reactions" tryLine={options.tryLine} />;
      }
      const path = (file: Readonly<Record<string, string>>) =>
        gridPath("sending-hours", { ...scopeParameters(scope), timezone: zone, ...file });
      return (
        <>
          <ReactionsChart view={view} steps={steps} unit={unit} />
          <Hours view={view} hours={hours} path={path} />
        </>
      );
    },
  });
}
