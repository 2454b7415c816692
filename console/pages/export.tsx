/** What a page shows, as a file of each kind. */
import type { FC } from "hono/jsx";
import type { View } from "../web/view.ts";

/** CSV as Excel opens it: with its mark, and semicolons where the reader's Excel expects them. */
const csv = ({ lang }: View) => ({
  format: "csv",
  bom: "true",
  ...lang === "fr" ? { separator: ";" } : {},
});

type ExportProps = {
  view: View;
  /** What is exported, where a page shows several things. */
  what?: string;
  /** @param file parameters of its form */
  path: (file: Readonly<Record<string, string>>) => string;
};

export const Export: FC<ExportProps> = ({ view, what, path }) => {
  const { export: verb } = view.t.messages;
  const label = what === undefined ? verb : `${verb} · ${what}`;
  const files = {
    CSV: csv(view),
    XLSX: { format: "xlsx" },
    XLS: { format: "xls" },
    JSONL: { format: "jsonl" },
  };
  return (
    <nav class="segments" aria-label={label}>
      <span>{label}</span>
      {Object.entries(files).map(([name, file]) => <a href={path(file)} download>{name}</a>)}
    </nav>
  );
};

/** The path of a grid as a file. */
export const gridPath = (grid: string, parameters: Readonly<Record<string, string>>): string =>
  `/api/v1/exports/${grid}?${new URLSearchParams(parameters)}`;
