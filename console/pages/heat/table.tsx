/** Blocks and links in the order of the mail, with their clicks. */
import type { FC } from "hono/jsx";
import type { Heatmap } from "../../api/heatmap.ts";
import type { View } from "../../web/view.ts";
import { warmth } from "../analysis/warmth.ts";
import { Bar } from "../parts.tsx";
import { type Zone, zonesOf } from "./zones.ts";

type Counts = Pick<Heatmap["links"][number], "recipients" | "clicks" | "machineClicks" | "share">;

export const ZoneTable: FC<{ view: View; heatmap: Heatmap }> = ({ view, heatmap }) => {
  const { t } = view;
  const most = Math.max(...heatmap.links.map(({ clicks }) => clicks));
  const all = { ...heatmap, share: heatmap.clicks === 0 ? 0 : 1 };
  return (
    <div class="scroll" tabindex={0} role="region" aria-labelledby="zones-title">
      <table class="zone-table">
        <caption class="unseen">{t.heat.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.heat.place}</th>
            <th scope="col" class="n">{t.heat.clicks}</th>
            <th scope="col" class="n">{t.heat.recipients}</th>
            <th scope="col" class="n">{t.heat.machines}</th>
            <th scope="col" class="share">{t.heat.share}</th>
          </tr>
        </thead>
        {zonesOf(heatmap).map((zone) => <ZoneRows view={view} zone={zone} most={most} />)}
        <tfoot>
          <tr>
            <th scope="row">{t.heat.total}</th>
            <CountCells view={view} counts={all} warm={0} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
};

const ZoneRows: FC<{ view: View; zone: Zone; most: number }> = ({ view, zone, most }) => {
  const { t } = view;
  const { block, links } = zone;
  return (
    <tbody>
      {block !== null && (
        <tr class="block">
          <th scope="rowgroup">
            <code>{block.element}</code> {block.text}
          </th>
          <CountCells view={view} counts={block} warm={warmth(block.clicks, most)} />
        </tr>
      )}
      {links.map((link) => (
        <tr>
          <th scope="row">
            <span class="place">{`${link.position + 1}.`}</span>
            {` ${link.text || t.heat.noText} `}
            <small title={link.url}>{link.url}</small>
          </th>
          <CountCells view={view} counts={link} warm={warmth(link.clicks, most)} />
        </tr>
      ))}
    </tbody>
  );
};

const CountCells: FC<{ view: View; counts: Counts; warm: number }> = (
  { view: { format }, counts, warm },
) => (
  <>
    <td class={`n warm-${warm}`}>{format.number(counts.clicks)}</td>
    <td class="n">{format.number(counts.recipients)}</td>
    <td class="n">{format.number(counts.machineClicks)}</td>
    <td class="share">
      <Bar share={counts.share} class="hot" />
      <small>{format.percent(counts.share)}</small>
    </td>
  </>
);
