/** How mail is received by weekday and hour of sending. */
import type { SendingHour } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import { bestFirst } from "../../../api/best_hour.ts";
import type { View } from "../../../web/view.ts";
import { Export } from "../../export.tsx";
import { warmth } from "../warmth.ts";

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** Hours that are named as the best. */
const BEST = 3;

type HoursProps = {
  view: View;
  hours: readonly SendingHour[];
  path: (file: Readonly<Record<string, string>>) => string;
};

export const Hours: FC<HoursProps> = ({ view, hours, path }) => {
  const { t, format, zone } = view;
  const best = bestFirst(hours).slice(0, BEST).filter(({ opened }) => opened > 0);
  const most = Math.max(...hours.map(rateOf));
  const byTime = new Map(hours.map((hour) => [`${hour.weekday} ${hour.hour}`, hour]));
  return (
    <section class="card" aria-labelledby="hours-title">
      <header>
        <h2 id="hours-title">{t.reactions.hours}</h2>
        <Export view={view} path={path} />
      </header>
      {best.length > 0 && (
        <p class="best">
          {`${t.reactions.best} `}
          <strong>
            {best.map(({ weekday, hour }) =>
              t.reactions.at(format.weekday(weekday), twoDigits(hour))
            )
              .join(", ")}
          </strong>
        </p>
      )}
      <div class="scroll" tabindex={0} role="region" aria-labelledby="hours-title">
        <table class="hours">
          <caption class="unseen">{t.reactions.hours}</caption>
          <thead>
            <tr>
              <th scope="col">{t.reactions.weekday}</th>
              {HOURS.map((hour) => <th scope="col" class="n">{twoDigits(hour)}</th>)}
            </tr>
          </thead>
          <tbody>
            {WEEKDAYS.map((weekday) => (
              <tr>
                <th scope="row">{format.weekday(weekday)}</th>
                {HOURS.map((hour) => (
                  <HourCell view={view} hour={byTime.get(`${weekday} ${hour}`)} most={most} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">{t.reactions.hoursLead(zone)}</p>
    </section>
  );
};

type HourCellProps = { view: View; hour: SendingHour | undefined; most: number };

const HourCell: FC<HourCellProps> = ({ view, hour, most }) => {
  const { t, format } = view;
  if (hour === undefined || hour.sent === 0) return <td></td>;
  const told = t.reactions.of(format.number(hour.opened), format.number(hour.sent));
  return (
    <td class={`n warm-${warmth(rateOf(hour), most)}`} title={told}>
      {format.wholePercent(rateOf(hour))}
      <span class="unseen">{` ${told}`}</span>
    </td>
  );
};

const rateOf = ({ sent, opened }: SendingHour) => sent === 0 ? 0 : opened / sent;
const twoDigits = (hour: number) => String(hour).padStart(2, "0");
