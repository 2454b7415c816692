/** Small parts that several pages share. */
import type { Status } from "@chappe/src/rules";
import type { FC, PropsWithChildren } from "hono/jsx";
import type { View } from "../web/view.ts";
import { Logo } from "./logo.tsx";

export const StatusChip: FC<{ view: View; status: Status }> = ({ view, status }) => (
  <span class={`chip ${status}`} title={view.t.statusHelp[status]}>{view.t.status[status]}</span>
);

type TimeProps = { view: View; at: number; as?: "dateTime" | "minute" | "time" };

/** `at`: ms UTC, shown in the reader's zone. */
export const Time: FC<TimeProps> = ({ view: { format }, at, as = "dateTime" }) => (
  <time datetime={new Date(at).toISOString()} title={`${format.dateTime(at)} (${format.utc(at)})`}>
    {format[as](at)}
  </time>
);

/** Nothing here yet: how to change that, as a line for a terminal. */
export const FirstMail: FC<{ view: View; title: string; lead: string; line: string }> = (
  { view, title, lead, line },
) => (
  <div class="empty">
    <Logo />
    <h2>{title}</h2>
    <p>{lead}</p>
    <CopyLine view={view} text={line} />
  </div>
);

export const CopyLine: FC<{ view: View; text: string }> = ({ view, text }) => (
  <div class="copy-line">
    <code>{text}</code>
    <button type="button" data-copy={text} data-copied={view.t.message.copied}>
      {view.t.message.copy}
    </button>
  </div>
);

/** A field of a form, with its name. */
export const Field: FC<PropsWithChildren<{ label: string }>> = ({ label, children }) => (
  <label>
    <span>{label}</span>
    {children}
  </label>
);

/** A bar filled from 0 to 1. */
export const Bar: FC<{ share: number; class: string }> = ({ share, class: className }) => (
  <SplitBar parts={[{ share, class: className }]} />
);

/** A bar filled by several parts, one behind the other; their shares are no more than 1 together. */
export const SplitBar: FC<{ parts: { share: number; class: string }[] }> = ({ parts }) => {
  let end = 0;
  return (
    <svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      {parts.map(({ share, class: className }) => {
        const x = end;
        const width = Math.max(0, Math.min(1, share)) * 100;
        end += width;
        return <rect class={className} x={x} width={width} height="1" />;
      })}
    </svg>
  );
};
