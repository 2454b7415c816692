/** What plain requests are answered with, straight from their bytes; the app does the same for all others. */
import { type KeyOf, verifyTokenBytes } from "@chappe/src/rules";
import type { Claims } from "../../hit.ts";
import { type Answer, judge, type Judgement } from "../../judge.ts";
import { languageOf } from "../../language.ts";
import { truncateAddress } from "../../privacy.ts";
import type { Answers } from "./answers.ts";
import { FORWARDED_FOR, LANGUAGE } from "./fields.ts";
import type { Head, Plain } from "./head.ts";
import type { Hit } from "./hit_line.ts";

export interface PlainHitOptions extends Judgement {
  keyOf: KeyOf;
  /** Takes a hit; must return at once. */
  record: (hit: Hit) => void;
  /** ms UTC. */
  now: () => number;
  /** Makes an event id (UUIDv7) for a time. */
  newId: (now: number) => string;
  answers: Answers;
  /** Who asks, behind trusted proxies. */
  addressOf: (peer: string, forwardedFor: string | null) => string;
}

export interface PlainHits {
  /**
   * The answer to what `head` has just read.
   * @param peer address of who is at the other end of the connection
   * @param room where an answer of its own is written, when there is enough of it
   */
  answer(kind: Plain, head: Head, peer: string, room: Uint8Array): Uint8Array;
}

export function createPlainHits(options: PlainHitOptions): PlainHits {
  const { keyOf, record, now, newId, answers, addressOf } = options;

  function decide(kind: "open" | "click", head: Head, peer: string): Answer {
    const { bytes, fields, tokenStart, tokenEnd } = head;
    const claims = verifyTokenBytes(bytes, tokenStart, tokenEnd, keyOf);
    return judge(kind, claims, options, (claims: Claims<"open" | "click">) => {
      const at = now();
      const ip = truncateAddress(addressOf(peer, fields.text(FORWARDED_FOR)));
      record({ claims, id: newId(at), at, fields, ip });
    });
  }

  return {
    answer(kind, head, peer, room) {
      const { isLast, fields } = head;
      const answer = kind === "nothing" ? "not-found" : decide(kind, head, peer);
      if (answer === "pixel") return answers.pixel(isLast);
      if (typeof answer !== "string") return answers.redirect(answer.to, isLast, room);
      return answers.page(answer, languageOf(fields.text(LANGUAGE) ?? undefined), isLast);
    },
  };
}
