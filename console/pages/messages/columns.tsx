/** The form that adds columns to the list. */
import type { MessageRow } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import { addableColumns, addedColumns, headingOf } from "./added_columns.ts";
import { othersOf } from "./query.ts";

type ColumnsProps = { view: View; parameters: URLSearchParams; rows: readonly MessageRow[] };

export const Columns: FC<ColumnsProps> = ({ view, parameters, rows }) => {
  const { t } = view;
  const added = addedColumns(parameters);
  return (
    <details class="card filters choose-columns">
      <summary>{t.messages.customise}</summary>
      <form method="get" action="/messages">
        {othersOf(parameters, "columns").map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <fieldset>
          <legend>{t.messages.addColumns}</legend>
          {addableColumns(rows, added).map((column) => (
            <label>
              <input
                type="checkbox"
                name="columns"
                value={column}
                checked={added.includes(column)}
              />
              <span>{headingOf(t, column)}</span>
            </label>
          ))}
        </fieldset>
        <div class="actions">
          <button type="submit" class="primary">{t.messages.showColumns}</button>
        </div>
      </form>
    </details>
  );
};
