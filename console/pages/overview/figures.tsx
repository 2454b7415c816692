/** The numbers of a period: tiles, funnel, rates. */
import type { Figures } from "@chappe/analytics";
import type { Status } from "@chappe/src/rules";
import type { FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import { Bar } from "../parts.tsx";

type FiguresProps = {
  view: View;
  figures: Figures;
  /** Wall time of the period's start, for links into the list. */
  from: string;
};

/** A tile per status. A count includes what came after it: an opened message was delivered too. */
const TILES: { figure: keyof Figures & string; status: Status; including: Status[] }[] = [
  {
    figure: "delivered",
    status: "delivered",
    including: ["opened", "clicked", "unsubscribed", "complained"],
  },
  { figure: "opened", status: "opened", including: ["clicked"] },
  { figure: "clicked", status: "clicked", including: [] },
  { figure: "pending", status: "pending", including: [] },
  { figure: "deferred", status: "deferred", including: [] },
  { figure: "softBounced", status: "soft_bounced", including: [] },
  { figure: "cancelled", status: "cancelled", including: [] },
  { figure: "complained", status: "complained", including: [] },
  { figure: "blacklisted", status: "blacklisted", including: [] },
  { figure: "unsubscribed", status: "unsubscribed", including: [] },
];

export const Tiles: FC<FiguresProps> = ({ view, figures, from }) => {
  const { t, format } = view;
  const machine: Partial<Record<Status, number>> = figures.machine;
  return (
    <section aria-label={t.overview.figures} class="tiles" data-region="tiles">
      <a class="tile sent" href={listLink(from, [])}>
        <strong>{format.number(figures.sent)}</strong>
        <span>{t.overview.sent}</span>
      </a>
      {TILES.map(({ figure, status, including }) => (
        <a
          class={`tile ${status}`}
          href={listLink(from, [status, ...including])}
          title={t.statusHelp[status]}
        >
          <strong>{format.number(figures[figure] as number)}</strong>
          <span>{t.status[status]}</span>
          {(machine[status] ?? 0) > 0 && (
            <small>{t.overview.machine(`+${format.number(machine[status]!)}`)}</small>
          )}
        </a>
      ))}
    </section>
  );
};

function listLink(from: string, statuses: Status[]): string {
  const parameters = new URLSearchParams({ from });
  if (statuses.length > 0) parameters.set("status", statuses.join(","));
  return `/messages?${parameters}`;
}

export const Funnel: FC<Omit<FiguresProps, "from">> = ({ view, figures }) => {
  const { t, format } = view;
  const steps = [
    { name: t.overview.sent, class: "sent", count: figures.sent },
    { name: t.overview.series.delivered, class: "delivered", count: figures.delivered },
    { name: t.overview.series.opened, class: "opened", count: figures.opened },
    { name: t.overview.series.clicked, class: "clicked", count: figures.clicked },
  ];
  return (
    <section class="card funnel" aria-labelledby="funnel-title" data-region="funnel">
      <h2 id="funnel-title">{t.overview.funnel}</h2>
      <ol>
        {steps.map((step) => {
          const share = figures.sent === 0 ? 0 : step.count / figures.sent;
          return (
            <li>
              <span class="name">{step.name}</span>
              <span class="count">{format.number(step.count)}</span>
              <Bar share={share} class={step.class} />
              <span class="share">{`${format.percent(share)} ${t.overview.ofSent}`}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
};

export const Rates: FC<Omit<FiguresProps, "from">> = ({ view, figures }) => {
  const { t, format } = view;
  const names = Object.keys(t.overview.rate) as (keyof typeof t.overview.rate)[];
  return (
    <section class="card rates" aria-labelledby="rates-title" data-region="rates">
      <h2 id="rates-title">{t.overview.rates}</h2>
      <dl>
        {names.map((name) => (
          <div>
            <dt>
              {t.overview.rate[name]}
              <small>{t.overview.formula[name]}</small>
            </dt>
            <dd>{format.percent(figures.rates[name])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
};
