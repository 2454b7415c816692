/**
 * Opens and clicks, the two kinds of requests that nearly all are: what each is answered with, and
 * that it is recorded. Whoever speaks HTTP shows the answer.
 */
import { type KeyOf, type LinkSwitch, verifyToken } from "@chappe/src/rules";
import { type Counted, type HitEvent, hitEvent, type RequestHeaders, toldBy } from "./hit.ts";

export interface HitOptions {
  keyOf: KeyOf;
  /** Whether the one behind a tag wants nothing recorded: asked at every hit, answers at once. */
  withdrawn: (tag: bigint) => boolean;
  /** Whether a link leads nowhere any more, and its hits count for nothing: asked as often. */
  disabled: LinkSwitch;
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

/** What is to be shown: the pixel, where the link leads, or a page. */
export type Answer = "pixel" | { to: string } | "not-found" | "disabled";

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
  const { keyOf, withdrawn, disabled, record, now, newId } = options;

  function note(claims: Counted, token: string, { headers, clientAddress }: Asker): void {
    if (withdrawn(claims.tag)) return;
    const at = now();
    const told = toldBy(claims, headers, clientAddress);
    record(hitEvent(claims, { id: newId(at), at }, told), token);
  }

  return {
    note,
    answer(kind, token, asker) {
      const claims = verifyToken(token, keyOf);
      if (claims === null || claims.kind !== kind) return "not-found";
      if (disabled(claims)) return kind === "open" ? "pixel" : "disabled";
      if (asker !== null) note(claims as Counted, token, asker);
      return claims.kind === "click" ? { to: claims.url } : "pixel";
    },
  };
}
