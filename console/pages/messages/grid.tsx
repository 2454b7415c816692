/** The grid of messages, with the columns of the service (seed, "Suivre un message"). */
import type { MessageRow } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import { StatusChip, Time } from "../parts.tsx";
import { type AddedColumn, addedColumns, addedText, headingOf } from "./added_columns.ts";
import { firstPage } from "./query.ts";

const COLUMNS = [
  "id",
  "sender",
  "recipient",
  "status",
  "recipientType",
  "subject",
  "sentAt",
  "statusAt",
  "reply",
  "opened",
  "clicked",
] as const;
type Column = typeof COLUMNS[number];

type GridProps = { view: View; rows: MessageRow[]; sort: string; parameters: URLSearchParams };

export const Grid: FC<GridProps> = (props) => {
  const { view, rows, parameters } = props;
  const added = addedColumns(parameters);
  return (
    <div class="scroll" tabindex={0} role="region" aria-label={view.t.messages.title}>
      <table class="grid" data-rows>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <HeaderCell {...props} column={column} class={column} name={view.t.column[column]} />
            ))}
            {added.map((column) => (
              <HeaderCell
                {...props}
                column={column}
                class="added"
                name={headingOf(view.t, column)}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => <Row view={view} row={row} added={added} />)}
        </tbody>
      </table>
    </div>
  );
};

type HeaderProps = GridProps & { column: Column | AddedColumn; class: string; name: string };

const HeaderCell: FC<HeaderProps> = (
  { view, sort, parameters, column, class: className, name },
) => {
  const descending = sort === `-${column}`;
  const sorted = descending || sort === column;
  const isTime = column === "sentAt" || column === "statusAt";
  const next = sorted ? (descending ? column : `-${column}`) : isTime ? `-${column}` : column;
  return (
    <th
      scope="col"
      class={className}
      aria-sort={sorted ? (descending ? "descending" : "ascending") : undefined}
    >
      <a href={firstPage(parameters, { sort: next })} title={view.t.messages.sortBy(name)}>
        {name}
      </a>
    </th>
  );
};

type RowProps = { view: View; row: MessageRow; added: readonly AddedColumn[] };

const Row: FC<RowProps> = ({ view, row, added }) => {
  const { t } = view;
  const sameDay = view.format.day(row.sentAt) === view.format.day(row.statusAt) &&
    row.statusAt - row.sentAt < 86_400_000;
  const href = `/messages/${row.id}?rcpt=${row.rcpt}`;
  return (
    <tr data-key={`${row.id}-${row.rcpt}`}>
      <td class="id">
        <a href={href} title={row.id} tabindex={-1}>{row.id.slice(-8)}</a>
      </td>
      <td class="sender" title={row.sender}>{row.sender}</td>
      <td class="recipient" title={row.recipient}>{row.recipient}</td>
      <td class="status">
        <StatusChip view={view} status={row.status} />
      </td>
      <td class="recipientType">{t.kind[row.recipientType]}</td>
      <td class="subject">
        <a href={href} title={row.subject}>{row.subject || t.messages.noSubject}</a>
      </td>
      <td class="sentAt">
        <Time view={view} at={row.sentAt} as="minute" />
      </td>
      <td class="statusAt">
        <Time view={view} at={row.statusAt} as={sameDay ? "time" : "minute"} />
      </td>
      <td class="reply" title={replyText(row)}>{replyText(row)}</td>
      <Mark view={view} class="opened" set={row.opened} />
      <Mark view={view} class="clicked" set={row.clicked} />
      {added.map((column) => {
        const text = addedText(row, column);
        return <td class="added" title={text} data-name={headingOf(view.t, column)}>{text}</td>;
      })}
    </tr>
  );
};

const Mark: FC<{ view: View; class: string; set: boolean }> = ({ view, class: className, set }) => (
  <td class={className}>
    <span class={set ? "mark set" : "mark"}>
      <span class="unseen">{set ? view.t.messages.yes : view.t.messages.no}</span>
    </span>
  </td>
);

function replyText({ reply }: MessageRow): string {
  return reply === null ? "" : [reply.code, reply.enhanced, reply.text].filter(Boolean).join(" ");
}
