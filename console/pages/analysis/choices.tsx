/** The form that says what an analysis is about. */
import type { FC, PropsWithChildren } from "hono/jsx";
import type { View } from "../../web/view.ts";
import { PeriodFields, SearchField } from "../fields.tsx";
import { Field } from "../parts.tsx";

type ChoicesProps = PropsWithChildren<{ view: View; path: string; parameters: URLSearchParams }>;

/** `children`: fields of one analysis, first. */
export const Choices: FC<ChoicesProps> = ({ view, path, parameters, children }) => {
  const { t } = view;
  const value = (name: string) => parameters.get(name) ?? "";
  const isGiven = [...parameters].some(([name, value]) => name !== "range" && value !== "");
  return (
    <details class="card filters" open={isGiven}>
      <summary>{t.analysis.choices}</summary>
      <form method="get" action={path} role="search">
        {value("range") !== "" && <input type="hidden" name="range" value={value("range")} />}
        {children}
        <SearchField label={t.messages.campaign} name="campaign" parameters={parameters} />
        <SearchField label={t.analysis.message} name="message" parameters={parameters} />
        <PeriodFields view={view} parameters={parameters} />
        <div class="actions">
          <button type="submit" class="primary">{t.analysis.show}</button>
          <a class="button" href={path}>{t.messages.reset}</a>
        </div>
      </form>
    </details>
  );
};

type SelectProps<Value extends string> = {
  label: string;
  name: string;
  values: readonly Value[];
  /** Of the one that is chosen; empty: none of them. */
  chosen: string;
  text(value: Value): string;
  /** What stands for none; without it one must be chosen. */
  none?: string;
};

/** A field with few values. */
export function Select<Value extends string>(
  { label, name, values, chosen, text, none }: SelectProps<Value>,
) {
  return (
    <Field label={label}>
      <select name={name}>
        {none !== undefined && <option value="" selected={chosen === ""}>{none}</option>}
        {values.map((value) => (
          <option value={value} selected={value === chosen}>{text(value)}</option>
        ))}
      </select>
    </Field>
  );
}
