/** What an analysis is asked: the API's own parameters, and a period by its name. */
import type { Scope } from "@chappe/analytics";
import * as z from "zod";
import { readQuery } from "../../api/parameters.ts";
import { RANGES, startOf } from "../overview/buckets.ts";
import { withMoments } from "../wall_times.ts";

export const PERIODS = [...RANGES, "all"] as const;
export type Period = typeof PERIODS[number];

/** Beside the API's parameters. */
export const period = { range: z.enum(PERIODS).optional() };

export interface Asked<Question> {
  question: Question;
  /** Null: times of the reader's own. */
  period: Period | null;
}

/**
 * Times win over a named period. Without either, a campaign or a message is told about whole, and an
 * account's mail of the last 30 days.
 *
 * @throws {InvalidParametersError}
 */
export function readAsked<Question extends Scope>(
  parameters: URLSearchParams,
  schema: z.ZodType<Question & { range?: Period }>,
  { zone, now }: { zone: string; now: number },
): Asked<Question> {
  const { range, ...rest } = readQuery(withMoments(parameters, zone), schema);
  const question = rest as unknown as Question;
  if (question.from !== undefined || question.to !== undefined) return { question, period: null };
  const isNamed = question.campaign !== undefined || question.message !== undefined;
  const period = range ?? (isNamed ? "all" : "30d");
  if (period === "all") return { question, period };
  return { question: { ...question, from: startOf(period, now, zone) }, period };
}

/** The same messages as parameters of the API. */
export function scopeParameters({ from, to, campaign, message }: Scope): Record<string, string> {
  const given = Object.entries({ from, to, campaign, message })
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
