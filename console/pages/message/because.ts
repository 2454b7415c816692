/** Why an address was chosen, in words. */
import type { Why } from "@chappe/src/events";
import type { View } from "../../web/view.ts";

/** The rule and the figures it looked at; then what spoke against other addresses. */
export function because(
  view: Pick<View, "t" | "format">,
  { rule, figures = {}, alternatives = [] }: Why,
): string {
  const { t } = view;
  const looked = Object.entries(figures)
    .map(([name, value]) => `${t.looked[name] ?? name} ${value}`);
  const others = alternatives.map((other) => against(view, other));
  return [[t.why[rule] ?? rule, ...looked].join(", "), ...others].join("; ");
}

function against(
  { t, format }: Pick<View, "t" | "format">,
  { address, pool, rule, until }: NonNullable<Why["alternatives"]>[number],
): string {
  const reason = `${address ?? pool}: ${reasonOf(t.against, rule)}`;
  return until === undefined ? reason : `${reason}, ${t.against.until(format.dateTime(until))}`;
}

/** Rules without words show as they are. */
function reasonOf(words: View["t"]["against"], rule: string): string {
  const day = /^warm-up-day-(\d+)$/.exec(rule)?.[1];
  if (day !== undefined) return words.day(day);
  const [kind, reason = ""] = rule.split(/:(.*)/s);
  if (kind === "paused") return words.paused(causeOf(words, reason));
  if (kind === "suspended") return words.suspended(reason);
  return kind === "pace" ? words.pace : rule;
}

/** Of a pause. */
function causeOf(words: View["t"]["against"], rule: string): string {
  const list = /^block-list:(.*)$/s.exec(rule)?.[1];
  return list === undefined ? words.pauses[rule] ?? rule : words.listed(list);
}
