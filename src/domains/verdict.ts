/** What a check says of one record. */

export type RecordStatus =
  | "ok"
  | "missing"
  | "wrong"
  /** Nobody can say now: what is known stays. */
  | "unavailable"
  /** Mail goes out well without it; it would be better with it. */
  | "advice";

export interface Verdict {
  readonly status: RecordStatus;
  /** What was found, and what to do about it. */
  readonly reason: string;
}

export const ok = (reason: string): Verdict => ({ status: "ok", reason });
export const missing = (reason: string): Verdict => ({ status: "missing", reason });
export const wrong = (reason: string): Verdict => ({ status: "wrong", reason });
export const advice = (reason: string): Verdict => ({ status: "advice", reason });

export function unavailable(name: string, why: string): Verdict {
  return { status: "unavailable", reason: `nobody can say now what ${name} holds: ${why}` };
}
