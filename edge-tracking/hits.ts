/**
 * Opens and clicks, the two kinds of requests that nearly all are: what each is answered with, and
 * that it is recorded. Whoever speaks HTTP shows the answer.
 */
import { type KeyOf, verifyToken } from "@chappe/src/rules";
import { type Answer, judge, type Judgement } from "./judge.ts";
import { type Counted, type HitEvent, hitEvent, type RequestHeaders, toldBy } from "./hit.ts";

export interface HitOptions extends Judgement {
  keyOf: KeyOf;
  /** Takes a hit, and the token that it came by; must return at once. */
  record: (event: HitEvent, token: string) => void;
  /** ms UTC. */
  now: () => number;
  /** Makes an event id (UUIDv7) for a time. */
  newId: (now: number) => string;
}

/** What a request tells of who makes it. */
export interface Asker {
  /** Names in lower case. */
  headers: RequestHeaders;
  /** IP address, behind trusted proxies; empty where it is not known. */
  clientAddress: string;
}

export interface Hits {
  /**
   * The answer to an open or a click by a token, which may be anything.
   * @param asker whose hit is recorded when the link works; null where none is to be recorded
   */
  answer(kind: "open" | "click", token: string, asker: Asker | null): Answer;
  /** Records a hit on a link that works. */
  note(claims: Counted, token: string, asker: Asker): void;
}

export function createHits(options: HitOptions): Hits {
  const { keyOf, record, now, newId } = options;

  function noteHit(claims: Counted, token: string, { headers, clientAddress }: Asker): void {
    const at = now();
    const told = toldBy(claims, headers, clientAddress);
    record(hitEvent(claims, { id: newId(at), at }, told), token);
  }

  return {
    note(claims, token, asker) {
      if (!options.withdrawn(claims.tag)) noteHit(claims, token, asker);
    },
    answer: (kind, token, asker) =>
      judge(kind, verifyToken(token, keyOf), options, (claims) => {
        if (asker !== null) noteHit(claims, token, asker);
      }),
  };
}
