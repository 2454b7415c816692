/** Decisions about warm-up calendars and shaping rules. */
import type { CalendarDefined, ShapingRuleDefined } from "../events/mod.ts";
import {
  type Calendar,
  CalendarError,
  defineCalendar as asCalendar,
  defineRule as asRule,
  RuleError,
  type SendingState,
  SHAPING_RULES,
  type ShapingRule,
} from "../sending/mod.ts";
import { RefusedError } from "../settings/mod.ts";
import { type AddressFact, fact } from "./fact.ts";
import type { Held } from "./held.ts";

/** One of the same name takes its place, for the addresses that go by it too. @throws {RefusedError} */
export function defineCalendar({ sending }: Held, wanted: CalendarDefined): AddressFact[] {
  const made = fact("settings.calendar-defined", wanted);
  const { name: calendar, ...before } = sending.calendars.get(wanted.calendar) ?? { name: "" };
  if (isSame({ calendar, ...before }, wanted)) return [];
  calendarFrom(wanted);
  return [made];
}

/** One by the name of a shipped rule takes its place. @throws {RefusedError} */
export function defineRule({ sending }: Held, wanted: ShapingRuleDefined): AddressFact[] {
  const made = fact("settings.shaping-rule-defined", wanted);
  ruleOf(wanted);
  if (wanted.action.kind === "switch-pool" && !sending.pools.has(wanted.action.pool)) {
    throw new RefusedError("unknown", `there is no pool "${wanted.action.pool}"`);
  }
  return isSame(sending.rules.get(wanted.rule) ?? {}, wanted) ? [] : [made];
}

/** Puts a rule, one's own or a shipped one, to use or out of it. @throws {RefusedError} */
export function switchRule(
  held: Held,
  { rule, on }: { rule: string; on: boolean },
): AddressFact[] {
  const own = held.sending.rules.get(rule);
  if (own !== undefined) return defineRule(held, { ...own, on });
  const shipped = ruleNamed(held.sending, rule);
  return on ? [] : defineRule(held, { ...ruleAsDefined(shipped), on });
}

/** One's own, in use or not, or a shipped one. @throws {RefusedError} */
export function ruleNamed({ rules }: Pick<SendingState, "rules">, name: string): ShapingRule {
  const own = rules.get(name);
  if (own !== undefined) return asRule(own);
  const shipped = SHAPING_RULES.find((rule) => rule.name === name);
  if (shipped === undefined) throw new RefusedError("unknown", `there is no rule "${name}"`);
  return shipped;
}

/** A rule that is only tried. @throws {RefusedError} */
export function ruleOf(wanted: ShapingRuleDefined): ShapingRule {
  return refusing(RuleError, () => asRule(wanted));
}

/** @throws {RefusedError} */
export function calendarNamed(
  { calendars }: Pick<SendingState, "calendars">,
  name: string,
): Calendar {
  const found = calendars.get(name);
  if (found === undefined) throw new RefusedError("unknown", `there is no calendar "${name}"`);
  return found;
}

/** A calendar that is only tried. @throws {RefusedError} */
export function calendarFrom(wanted: CalendarDefined): Calendar {
  return refusing(CalendarError, () => asCalendar(wanted));
}

/** A rule in use as settings write it. */
export function ruleAsDefined(
  { name, providers, match, trigger, action, forMs }: ShapingRule,
): ShapingRuleDefined {
  return {
    rule: name,
    on: true,
    providers: providers && [...providers],
    codes: match.codes ? [...match.codes] : null,
    enhanced: match.enhanced ? [...match.enhanced] : null,
    text: match.text?.source ?? null,
    ...trigger,
    action,
    forMs,
  };
}

function refusing<T>(kind: typeof CalendarError | typeof RuleError, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof kind) throw new RefusedError("invalid", error.message);
    throw error;
  }
}

function isSame(before: object, wanted: object): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).sort());
  return sorted(before) === sorted(wanted);
}
