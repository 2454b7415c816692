/** A failure that another server reported, as the event that records it. */
import type { Bounced, Reply } from "@chappe/src/events";
import { classify } from "@chappe/src/rules";
import { oneLine } from "./fields.ts";

const MAX_REPLY = 2000;

export interface Failure {
  /** In what kind of notification, and where that has kinds, which. */
  readonly rule: string;
  readonly format?: string;
  /** What the server that refused it said; null when it said nothing, or we are not told. */
  readonly reply: { readonly code: number; readonly text: string } | null;
  /** RFC 3463; null when nothing says one. */
  readonly enhanced: string | null;
  /** What is said instead of a reply. */
  readonly said: string;
  readonly mx: string | null;
  /** Of the recipient; empty where it is not told. */
  readonly domain: string;
}

export function bounced(failure: Failure): Bounced {
  const { enhanced, mx, domain } = failure;
  const text = oneLine(failure.reply?.text ?? failure.said, MAX_REPLY);
  const reply: Reply | null = failure.reply === null
    ? null
    : { code: failure.reply.code, enhanced, text };
  const verdict = classify({ code: reply?.code ?? null, enhanced, text });
  return {
    // Which of our attempts it was the answer to, the notification does not say.
    attempt: 1,
    address: null,
    pool: "",
    provider: "",
    domain,
    mx,
    tls: null,
    tookMs: 0,
    why: {
      rule: failure.rule,
      ...failure.format === undefined ? {} : { figures: { format: failure.format } },
    },
    reply,
    error: reply === null ? oneLine(`${enhanced ?? ""} ${text}`, MAX_REPLY) : null,
    class: verdict.class,
    kind: verdict.kind,
    mode: "async",
  };
}
