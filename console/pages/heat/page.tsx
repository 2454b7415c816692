/** Hot zones: the mail with its clicks drawn on it, and its blocks and links in order. */
import type { MessageRow } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import type { Heatmap } from "../../api/heatmap.ts";
import type { Mailing } from "../../api/mailing.ts";
import { SANDBOX } from "../../mail/frame.ts";
import type { View } from "../../web/view.ts";
import { WARMEST } from "../analysis/warmth.ts";
import { Export, gridPath } from "../export.tsx";
import { page } from "../layout.tsx";
import { ZoneTable } from "./table.tsx";

type HeatProps = {
  view: View;
  mailing: Mailing;
  /** A copy of the message itself; of a campaign of its newest. */
  copy: MessageRow;
  heatmap: Heatmap;
};

export const heatPath = (mailing: Mailing) =>
  "message" in mailing
    ? `/messages/${mailing.message}/hot-zones`
    : `/campaigns/${encodeURIComponent(mailing.campaign)}/hot-zones`;

export function heatPage(props: HeatProps) {
  const { view, mailing, copy, heatmap } = props;
  const { t } = view;
  const subject = copy.subject || t.messages.noSubject;
  const title = "message" in mailing ? subject : t.heat.campaign(mailing.campaign);
  return page(view, {
    title: t.heat.of(title),
    refresh: 30,
    class: "heat",
    children: (
      <>
        <header class="page-head">
          <h1>{t.heat.of(title)}</h1>
          <Export
            view={view}
            path={(file) => gridPath("heatmap", { ...mailing, ...file })}
          />
        </header>
        <div class="page-head">
          <p class="lead">{"message" in mailing ? t.heat.lead : t.heat.campaignLead}</p>
          <Ways {...props} />
        </div>
        {!heatmap.content && <p class="alert">{t.heat.gone}</p>}
        <div class={heatmap.content ? "zones" : "zones alone"}>
          {heatmap.content && <Mail view={view} mailing={mailing} />}
          <section class="card" aria-labelledby="zones-title" data-region="zones">
            <header>
              <h2 id="zones-title">{t.heat.blocks}</h2>
              {heatmap.clicks === 0 && heatmap.links.length > 0 && <span>{t.heat.none}</span>}
            </header>
            {heatmap.links.length === 0
              ? <p class="none">{t.heat.noLinks}</p>
              : <ZoneTable view={view} heatmap={heatmap} />}
          </section>
        </div>
      </>
    ),
  });
}

/** To the message, and to the whole campaign. */
const Ways: FC<HeatProps> = ({ view, mailing, copy }) => (
  <p class="ways">
    <a class="button" href={`/messages/${copy.id}`}>{view.t.heat.message}</a>
    {"message" in mailing && copy.campaign !== null && (
      <a class="button" href={heatPath({ campaign: copy.campaign })}>
        {view.t.heat.campaign(copy.campaign)}
      </a>
    )}
  </p>
);

const Mail: FC<{ view: View; mailing: Mailing }> = ({ view, mailing }) => {
  const { t } = view;
  return (
    <section class="card preview" aria-labelledby="mail-title">
      <header>
        <h2 id="mail-title">{t.heat.mail}</h2>
        <ul class="warmths" aria-label={t.heat.scale}>
          <li>{t.heat.few}</li>
          {Array.from(
            { length: WARMEST },
            (_, i) => <li class={`warm warm-${i + 1}`} aria-hidden="true"></li>,
          )}
          <li>{t.heat.many}</li>
        </ul>
      </header>
      <iframe
        src={`${heatPath(mailing)}/mail`}
        title={t.heat.mail}
        sandbox={SANDBOX.quiet}
        referrerpolicy="no-referrer"
      >
      </iframe>
      <p class="note">{t.heat.mailNote}</p>
    </section>
  );
};
