/** Opens and clicks over the time since sending. */
import type { Reactions, Unit } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import type { View } from "../../../web/view.ts";
import { Plot } from "../../plot.tsx";
import { halfOf } from "./summary.ts";

const KINDS = ["opened", "clicked"] as const;
const COLUMNS = [...KINDS, "opens", "clicks"] as const;

/** Labels stand at a multiple of so many. */
const ROUND: Record<Unit, number> = { minute: 10, hour: 12, day: 5 };

type StepsProps = { view: View; steps: readonly Reactions[] };

export const ReactionsChart: FC<StepsProps & { unit: Unit }> = ({ view, steps, unit }) => {
  const { t, format } = view;
  const slots = steps.map((step) => ({
    label: step.to === null ? t.reactions.later : timeText(view, step.from),
    title: [
      spanText(view, step),
      ...KINDS.map((kind) => `${t.reactions[kind]}: ${format.number(step[kind])}`),
    ].join("\n"),
    bars: [{ series: "opened", value: step.opened }],
    lines: [{ series: "clicked", value: step.clicked }],
  }));
  return (
    <section class="card chart" aria-labelledby="reactions-title">
      <header>
        <h2 id="reactions-title">{t.reactions.chart}</h2>
        <ul class="legend" aria-hidden="true">
          <li class="opened">{t.reactions.opened}</li>
          <li class="clicked line">{t.reactions.clicked}</li>
        </ul>
      </header>
      <ul class="halves">
        {KINDS.map((kind) => halfText(view, steps, kind)).filter((text) => text !== null)
          .map((text) => <li>{text}</li>)}
      </ul>
      <Plot slots={slots} each={ROUND[unit]} format={format} labelledBy="reactions-title" />
      <StepTable view={view} steps={steps} />
    </section>
  );
};

const StepTable: FC<StepsProps> = ({ view, steps }) => (
  <details>
    <summary>{view.t.reactions.table}</summary>
    <div class="scroll">
      <table>
        <caption class="unseen">{view.t.reactions.chart}</caption>
        <thead>
          <tr>
            <th scope="col">{view.t.reactions.since}</th>
            {COLUMNS.map((name) => <th scope="col" class="n">{view.t.reactions[name]}</th>)}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr>
              <th scope="row">{spanText(view, step)}</th>
              {COLUMNS.map((name) => <td class="n">{view.format.number(step[name])}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);

function spanText(view: View, { from, to }: Reactions): string {
  const { t, format } = view;
  return to === null
    ? t.reactions.from(format.duration(from))
    : `${timeText(view, from)} – ${format.duration(to)}`;
}

const timeText = ({ format }: View, ms: number) =>
  ms === 0 ? format.number(0) : format.duration(ms);

/** Null where nothing can be said. */
function halfText({ t, format }: View, steps: readonly Reactions[], kind: typeof KINDS[number]) {
  const half = halfOf(steps, kind);
  if (half === null || half.within === null) return null;
  return t.reactions.half[kind](format.number(half.count), format.duration(half.within));
}
