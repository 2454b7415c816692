/** The form that narrows the list. */
import { STATUSES } from "@chappe/src/rules";
import type { FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import { PeriodFields, SearchField } from "../fields.tsx";
import { Field } from "../parts.tsx";
import { addedColumns, headingOf } from "./added_columns.ts";

/** What narrows the list; sorting and cutting do not. */
export const FILTERS = [
  "recipient",
  "sender",
  "subject",
  "status",
  "type",
  "from",
  "to",
  "reference",
  "campaign",
  "filter",
] as const;

type FiltersProps = { view: View; parameters: URLSearchParams };

export function isFiltered(parameters: URLSearchParams): boolean {
  const names = [...FILTERS, ...addedColumns(parameters)];
  return names.some((name) => parameters.get(name));
}

export const Filters: FC<FiltersProps> = ({ view, parameters }) => {
  const { t } = view;
  const value = (name: string) => parameters.get(name) ?? "";
  const given = parameters.getAll("status").filter((s) => s !== "").join(",");
  return (
    <details class="card filters" open={isFiltered(parameters)}>
      <summary>{t.messages.filters}</summary>
      <form method="get" action="/messages" role="search">
        {["sort", "limit"].filter((name) => parameters.get(name)).map((name) => (
          <input type="hidden" name={name} value={value(name)} />
        ))}
        {parameters.getAll("columns").map((column) => (
          <input type="hidden" name="columns" value={column} />
        ))}
        <SearchField label={t.column.recipient} name="recipient" parameters={parameters} />
        <SearchField label={t.column.sender} name="sender" parameters={parameters} />
        <SearchField label={t.column.subject} name="subject" parameters={parameters} />
        <Field label={t.column.status}>
          <select name="status">
            <option value="">{t.messages.any}</option>
            {given.includes(",") && <option value={given} selected>{names(view, given)}</option>}
            {STATUSES.map((status) => (
              <option value={status} selected={status === given}>{t.status[status]}</option>
            ))}
          </select>
        </Field>
        <Field label={t.column.recipientType}>
          <select name="type">
            <option value="">{t.messages.any}</option>
            {(["to", "cc", "bcc"] as const).map((kind) => (
              <option value={kind} selected={kind === value("type")}>{t.kind[kind]}</option>
            ))}
          </select>
        </Field>
        <PeriodFields view={view} parameters={parameters} />
        <SearchField label={t.messages.reference} name="reference" parameters={parameters} />
        {addedColumns(parameters).map((column) => (
          <SearchField label={headingOf(t, column)} name={column} parameters={parameters} />
        ))}
        {value("campaign") !== "" && (
          <SearchField label={t.messages.campaign} name="campaign" parameters={parameters} />
        )}
        {value("filter") !== "" && (
          <Field label={t.messages.conditions}>
            <input
              type="search"
              name="filter"
              value={value("filter")}
              autocomplete="off"
              spellcheck={false}
            />
          </Field>
        )}
        <div class="actions">
          <button type="submit" class="primary">{t.messages.apply}</button>
          <a class="button" href="/messages">{t.messages.reset}</a>
        </div>
      </form>
    </details>
  );
};

function names({ t }: View, statuses: string): string {
  const known: Record<string, string> = t.status;
  return statuses.split(",").map((status) => known[status] ?? status).join(", ");
}
