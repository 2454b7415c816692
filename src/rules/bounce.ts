/** What a refusal is about, whether it is final, and whether the address itself is to blame. */
import type { BounceClass } from "../events/mod.ts";
import { BY_CODE, BY_ENHANCED, BY_SUBJECT } from "./bounce_codes.ts";
import { BY_TEXT } from "./bounce_data.ts";

/** A refusal as a server gave it; `code` is null when we found out ourselves, without a server. */
export interface Refusal {
  readonly code: number | null;
  /** RFC 3463. Its first digit decides whether it is final when there is no code. */
  readonly enhanced: string | null;
  readonly text: string;
}

export interface Verdict {
  readonly class: BounceClass;
  /** Trying again is of no use. */
  readonly permanent: boolean;
  /**
   * Hard: refused for good. Soft: temporary, or final for this message but of the moment (a full
   * mailbox, too many at once). Only `unknown-user` and `dns` say that the address is of no use.
   */
  readonly kind: "hard" | "soft";
}

/** Classes that pass by themselves, even where the reply was final. */
const MOMENTARY: ReadonlySet<BounceClass> = new Set([
  "mailbox-full",
  "rate",
  "greylisting",
  "connection",
]);
/** Classes about one recipient: a server that closes the connection (421) never means these. */
const ABOUT_RECIPIENT: ReadonlySet<BounceClass> = new Set([
  "unknown-user",
  "mailbox-full",
  "message-too-large",
]);

export function classify(refusal: Refusal): Verdict {
  const permanent = refusal.code === null
    ? refusal.enhanced?.startsWith("5") === true
    : refusal.code >= 500;
  let about = classOf(refusal);
  if (refusal.code === 421 && ABOUT_RECIPIENT.has(about)) about = "connection";
  return { class: about, permanent, kind: permanent && !MOMENTARY.has(about) ? "hard" : "soft" };
}

function classOf({ code, enhanced, text }: Refusal): BounceClass {
  const row = BY_TEXT.find((row) => row.text.test(text));
  if (row !== undefined) return row.class;
  const byCode = code === null ? undefined : BY_CODE[code];
  if (enhanced === null) return byCode ?? "other";
  const known = BY_ENHANCED[enhanced] ?? BY_ENHANCED[`X${enhanced.slice(1)}`];
  // 421 4.7.0 and the like: the code says more than the subject does.
  return known ?? (code === 421 ? undefined : BY_SUBJECT[enhanced.split(".")[1]!]) ?? byCode ??
    "other";
}
