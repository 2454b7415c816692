/** The list as it is filtered and sorted, as a file. */
import type { FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import { exportPath } from "./query.ts";

/** CSV as Excel opens it: with its mark, and semicolons where the reader's Excel expects them. */
const csv = ({ lang }: View) => ({
  format: "csv",
  bom: "true",
  ...lang === "fr" ? { separator: ";" } : {},
});

export const Export: FC<{ view: View; parameters: URLSearchParams }> = ({ view, parameters }) => {
  const files = { CSV: csv(view), XLSX: { format: "xlsx" }, XLS: { format: "xls" } };
  return (
    <nav class="segments" aria-label={view.t.messages.export}>
      <span>{view.t.messages.export}</span>
      {Object.entries(files).map(([name, file]) => (
        <a href={exportPath(parameters, view.zone, file)} download>{name}</a>
      ))}
    </nav>
  );
};
