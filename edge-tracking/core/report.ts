/**
 * What a worker tells the core: raw facts, and the token that says whose they are. The core reads the
 * token itself, so that whoever can send reports can only tell what somebody with that link could.
 */
import { derivedId, type NewEvent } from "@chappe/src/events";
import { type KeyOf, type LinkSwitch, MAX_LATENESS, verifyToken } from "@chappe/src/rules";
import * as z from "zod";
import {
  type ChoiceEvent,
  HINTS,
  type HitEvent,
  hitEvent,
  isCounted,
  MAX_AGENT,
  MAX_HINT,
  unmeasured,
  unsubscribed,
  UNTOLD,
} from "../hit.ts";
import { truncateAddress } from "../privacy.ts";

/** Longer than any token. */
const MAX_TOKEN = 12_000;
/** How far a worker's clock may be ahead, ms. */
const AHEAD = 5 * 60_000;

const common = {
  /** Tells this report from others by the same token. */
  id: z.uuid(),
  at: z.int().nonnegative(),
  token: z.string().max(MAX_TOKEN),
};
export const Report = z.discriminatedUnion("kind", [
  z.strictObject({
    ...common,
    kind: z.literal("hit"),
    userAgent: z.string().max(MAX_AGENT),
    hints: z.partialRecord(z.enum(HINTS), z.string().max(MAX_HINT)),
    ip: z.string().max(64),
  }),
  z.strictObject({
    ...common,
    kind: z.literal("unsubscribed"),
    method: z.enum(["one-click", "page"]),
  }),
  z.strictObject({ ...common, kind: z.literal("unmeasured") }),
]);
export type Report = z.infer<typeof Report>;

/** The report of an event that the worker's edge made. */
export function reportOf(event: HitEvent | ChoiceEvent, token: string): Report {
  const { id, at } = event;
  switch (event.type) {
    case "engagement.opened":
    case "engagement.clicked": {
      const { userAgent, hints, ip } = event.data;
      return { kind: "hit", id, at, token, userAgent, hints, ip };
    }
    case "feedback.unsubscribed":
      return { kind: "unsubscribed", id, at, token, method: methodOf(event.data.method) };
    case "consent.withdrawn":
      return { kind: "unmeasured", id, at, token };
  }
}

/** The page of a worker knows no unsubscription by mail. */
function methodOf(method: string): "one-click" | "page" {
  return method === "one-click" ? "one-click" : "page";
}

/** A hit is judged by the moment it happened: what is told late counts as if it had been told at once. */
export interface ReportJudgement {
  keyOf: KeyOf;
  /** Whether the one behind a tag wanted nothing recorded at a time, ms UTC. */
  withdrawn: (tag: bigint, at: number) => boolean;
  /** Whether a link was turned off then. */
  disabled: (link: Parameters<LinkSwitch>[0], at: number) => boolean;
  /** ms UTC. */
  now: number;
}

/**
 * The event that a report stands for; null when it is none, its token is not ours or fits no such
 * report, or nothing may be recorded. The id depends on whose it is too: nobody can take the place
 * of another's fact.
 */
export function eventOf(
  given: unknown,
  { keyOf, withdrawn, disabled, now }: ReportJudgement,
): NewEvent | null {
  const { success, data: report } = Report.safeParse(given);
  if (!success || report.at > now + AHEAD || report.at < now - MAX_LATENESS) return null;
  const claims = verifyToken(report.token, keyOf);
  if (claims === null) return null;
  const id = derivedId("edge", claims.account, claims.message, claims.rcpt, report.id);
  const moment = { id, at: report.at };
  if (report.kind !== "hit") {
    if (claims.kind !== "unsubscribe") return null;
    return report.kind === "unmeasured"
      ? unmeasured(claims, moment)
      : unsubscribed(claims, report.at, report.method);
  }
  const { at } = report;
  if (!isCounted(claims) || withdrawn(claims.tag, at) || disabled(claims, at)) return null;
  const { userAgent, hints, ip } = report;
  const told = claims.mode === "full"
    ? { userAgent, hints: hints as Record<string, string>, ip: truncateAddress(ip) }
    : UNTOLD;
  return hitEvent(claims, moment, told);
}
