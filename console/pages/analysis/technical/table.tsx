/** The pivot as a table: lines unfold, each with its subtotals, and shares are drawn. */
import type { TechnicalKey } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import type { View } from "../../../web/view.ts";
import { Bar } from "../../parts.tsx";
import { nameOf, type PivotLine, type PivotTable } from "./pivot_table.ts";

type PivotProps = {
  view: View;
  question: {
    rows: readonly TechnicalKey[];
    columns: readonly TechnicalKey[];
    count: "recipients" | "hits";
  };
  table: PivotTable;
  closed: ReadonlySet<string>;
  /** The same table with these lines folded. */
  folded(closed: string[]): string;
};

export const Pivot: FC<PivotProps> = (props) => {
  const { view, question, table, folded } = props;
  const { t } = view;
  const foldable = table.lines.filter(({ row, state }) =>
    row.length === 1 && (state === "open" || state === "closed")
  );
  return (
    <section class="card pivot-card" aria-labelledby="pivot-title">
      <header>
        <h2 id="pivot-title">{titleText(view, question)}</h2>
        {foldable.length > 0 && (
          <nav class="segments" aria-label={t.technical.fold}>
            <a href={folded([])}>{t.technical.unfoldAll}</a>
            <a href={folded(foldable.map(({ row }) => nameOf(row)))}>{t.technical.foldAll}</a>
          </nav>
        )}
      </header>
      <div class="scroll" tabindex={0} role="region" aria-labelledby="pivot-title">
        <table class="pivot">
          <caption class="unseen">
            {t.technical.caption(t.technical.counts[question.count])}
          </caption>
          <Head {...props} />
          <tbody>
            {table.lines.map((line) =>
              line.state === "left"
                ? (
                  <tr class={`depth-${line.row.length + 1}`}>
                    <td colspan={table.columns.length + 2} class="left-out">
                      {t.technical.left(line.count)}
                    </td>
                  </tr>
                )
                : <Line {...props} line={line} />
            )}
          </tbody>
          <tfoot>
            <Line {...props} line={{ ...table.all, state: "leaf" }} />
          </tfoot>
        </table>
      </div>
      <p class="note">
        {question.count === "recipients" && t.technical.distinct}
        {table.leftColumns > 0 && ` ${t.technical.leftColumns(table.leftColumns)}`}
      </p>
    </section>
  );
};

const Head: FC<PivotProps> = ({ view, question, table }) => {
  const { t } = view;
  const { columns } = table;
  return (
    <thead>
      {columns.length > 0 && (
        <tr>
          <td colspan={2}></td>
          <th scope="colgroup" colspan={columns.length}>{keysText(view, question.columns)}</th>
        </tr>
      )}
      <tr>
        <th scope="col">{keysText(view, question.rows)}</th>
        <th scope="col" class="n">{t.technical.total}</th>
        {columns.map((column) => (
          <th scope="col" class="n">
            {column.map((value) => valueText(view, value)).join(" · ")}
          </th>
        ))}
      </tr>
    </thead>
  );
};

const Line: FC<PivotProps & { line: PivotLine }> = ({ view, table, closed, folded, line }) => {
  const { t, format } = view;
  const { row, state, total, counts } = line;
  const share = table.all.total === 0 ? 0 : total / table.all.total;
  const text = row.length === 0 ? t.technical.grandTotal : valueText(view, row.at(-1)!);
  const name = nameOf(row);
  const others = [...closed].filter((other) => other !== name);
  return (
    <tr class={`depth-${row.length} ${state}`} data-key={name}>
      <th scope="row">
        {state === "leaf" ? text : (
          <a
            id={anchorOf(name)}
            href={`${folded(state === "open" ? [...others, name] : others)}#${anchorOf(name)}`}
            aria-expanded={state === "open" ? "true" : "false"}
          >
            {text}
          </a>
        )}
      </th>
      <td class="n total">
        <strong>{format.number(total)}</strong> <small>{format.percent(share)}</small>
        <Bar share={share} class="opened" />
      </td>
      {counts.map((count) => (
        <td class="n">
          {count === 0 ? <span class="zero">0</span> : (
            <>
              {format.number(count)}
              <Bar share={count / total} class="delivered" />
            </>
          )}
        </td>
      ))}
    </tr>
  );
};

/** Where the reader comes back to after folding. */
const anchorOf = (name: string) => `line-${new TextEncoder().encode(name).toHex()}`;

function titleText(view: View, { rows, columns }: PivotProps["question"]): string {
  const [down, across] = [keysText(view, rows), keysText(view, columns)];
  return across === "" ? down : `${down} × ${across}`;
}

function keysText({ t }: View, keys: readonly TechnicalKey[]): string {
  return keys.map((key) => t.technical.keys[key]).join(" › ");
}

/** Names of products stay as they are. */
function valueText({ t }: View, value: string): string {
  return value === "" ? t.technical.unknown : t.technical.values[value] ?? value;
}
