/** Fields of forms that narrow what a page shows, filled with what was asked for. */
import type { FC } from "hono/jsx";
import type { View } from "../web/view.ts";
import { Field } from "./parts.tsx";
import { wallOf } from "./wall_times.ts";

type SearchFieldProps = { label: string; name: string; parameters: URLSearchParams };

export const SearchField: FC<SearchFieldProps> = ({ label, name, parameters }) => (
  <Field label={label}>
    <input type="search" name={name} value={parameters.get(name) ?? ""} autocomplete="off" />
  </Field>
);

/** From when to when it was sent, by the reader's clock. */
export const PeriodFields: FC<{ view: View; parameters: URLSearchParams }> = (
  { view: { t, zone }, parameters },
) => (
  <>
    {(["from", "to"] as const).map((name) => (
      <Field label={t.messages[name]}>
        <input
          type="datetime-local"
          name={name}
          value={wallOf(parameters.get(name) ?? "", zone)}
        />
      </Field>
    ))}
  </>
);
