/** Decisions as the facts that record them. Their ids follow from what was decided: once is enough. */
import { derivedId, type EventData, type EventType } from "../events/mod.ts";
import type { Decision } from "./advance.ts";
import type { Measure } from "./model.ts";
import type { Judgement } from "./reputation.ts";
import { dateOf } from "./time.ts";

type Fact<T extends EventType> = T extends EventType
  ? { readonly id: string; readonly type: T; readonly data: EventData<T> }
  : never;
export type SendingFact = Fact<
  | "address.warmup-advanced"
  | "address.warmup-held"
  | "address.warmup-stepped-back"
  | "address.warmup-finished"
  | "address.paused"
  | "address.alerted"
  | "shaping.applied"
>;

const DECIDED = {
  advance: "address.warmup-advanced",
  hold: "address.warmup-held",
  back: "address.warmup-stepped-back",
} as const;

/** @param day start of the UTC day that it was decided for */
export function decisionFact(address: string, decision: Decision, day: number): SendingFact {
  const { rule, figures, words } = decision;
  const date = dateOf(day);
  const id = derivedId("warmup", address, date);
  if (decision.day === null || decision.cap === null || decision.decision === "finish") {
    return { id, type: "address.warmup-finished", data: { address, rule, figures, words } };
  }
  const { day: number, cap } = decision;
  const data = { address, day: number, date, cap, rule, figures, words };
  return { id, type: DECIDED[decision.decision], data };
}

export function measureFact(measure: Measure): SendingFact {
  const { from, ...data } = measure;
  const { rule, provider, address } = data;
  return {
    id: derivedId("shaping", rule, provider, address ?? "", from),
    type: "shaping.applied",
    data,
  };
}

/** @param pool of the address. Trouble at one provider keeps the address from that one alone. */
export function judgementFact(judgement: Judgement, pool: string, at: number): SendingFact {
  const { until, provider, address, rule, figures, words } = judgement;
  const id = derivedId("reputation", rule, address, provider ?? "", at);
  if (until === null) {
    return { id, type: "address.alerted", data: { address, provider, rule, figures, words } };
  }
  if (provider === null) {
    return { id, type: "address.paused", data: { address, until, rule, figures, words } };
  }
  const action = { kind: "suspend", scope: "address" } as const;
  const data = { rule, provider, address, pool, action, until, figures, words };
  return { id, type: "shaping.applied", data };
}
