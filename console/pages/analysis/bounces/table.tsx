/** Bounces by some columns, each group with a bar, and with links to its messages. */
import type { BounceKey, Bounces, Scope } from "@chappe/analytics";
import type { BounceClass } from "@chappe/src/events";
import type { FC } from "hono/jsx";
import type { View } from "../../../web/view.ts";
import { SplitBar } from "../../parts.tsx";
import { HARD, listLink, SOFT } from "./list_link.ts";

type BounceTableProps = {
  view: View;
  by: readonly BounceKey[];
  bounces: Bounces;
  /** Which messages are counted. */
  scope: Scope;
  /** Where all groups stand, when these are not all. */
  more: string | null;
};

export const BounceTable: FC<BounceTableProps> = ({ view, by, bounces, scope, more }) => {
  const { t } = view;
  const { soft, hard } = bounces.total;
  const title = by.map((key) => t.bounces.by[key]).join(" › ");
  const id = `by-${by.join("-")}`;
  return (
    <section class="card" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {more !== null && <a href={more}>{t.bounces.more}</a>}
      </header>
      <div class="scroll" tabindex={0} role="region" aria-labelledby={id}>
        <table class="bounces">
          <caption class="unseen">{t.bounces.caption(title)}</caption>
          <thead>
            <tr>
              {by.map((key) => <th scope="col">{t.bounces.by[key]}</th>)}
              <th scope="col" class="n">{t.bounces.soft}</th>
              <th scope="col" class="n">{t.bounces.hard}</th>
              <th scope="col" class="n">{t.bounces.all}</th>
              <th scope="col" class="share">{t.bounces.share}</th>
            </tr>
          </thead>
          <tbody>
            {bounces.items.map((item) => (
              <Group view={view} by={by} item={item} scope={scope} all={soft + hard} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
};

type GroupProps = {
  view: View;
  by: readonly BounceKey[];
  item: Bounces["items"][number];
  scope: Scope;
  /** Bounces in all. */
  all: number;
};

const Group: FC<GroupProps> = ({ view, by, item, scope, all }) => {
  const { t, format } = view;
  const { keys, soft, hard } = item;
  const what = by.map((key) => keyText(view, key, keys[key])).join(", ");
  const counts = [
    { count: soft, statuses: [SOFT] },
    { count: hard, statuses: [HARD] },
    { count: soft + hard, statuses: [SOFT, HARD] },
  ] as const;
  return (
    <tr>
      {by.map((key, i) =>
        i === 0
          ? <th scope="row">{keyText(view, key, keys[key])}</th>
          : <td class="key">{keyText(view, key, keys[key])}</td>
      )}
      {counts.map(({ count, statuses }) => (
        <td class="n">
          {count === 0 ? <span class="zero">0</span> : (
            <a
              href={listLink(scope, keys, statuses)}
              aria-label={t.bounces.listed(format.number(count), what)}
            >
              {format.number(count)}
            </a>
          )}
        </td>
      ))}
      <td class="share">
        <div>
          <SplitBar
            parts={[
              { share: soft / all, class: "soft_bounced" },
              { share: hard / all, class: "cancelled" },
            ]}
          />
          <small>{format.percent((soft + hard) / all)}</small>
        </div>
      </td>
    </tr>
  );
};

function keyText({ t }: View, key: BounceKey, value = ""): string {
  if (value === "") return t.bounces.unknown;
  return key === "class" ? t.bounceClass[value as BounceClass] ?? value : value;
}
