/** Queries whose failures answer 503 instead of looking like errors of the console. */
import {
  BadQueryError,
  type Queries,
  TooManyRowsError,
  UnknownColumnError,
} from "@chappe/analytics";
import { BodyGoneError, type BodyStore, LogUnavailableError } from "@chappe/src/log";
import { HTTPException } from "hono/http-exception";
import { InvalidParametersError } from "../api/problem.ts";

/** What the client can mend is for it to know; all else is that ClickHouse is away. */
function away(cause: unknown): unknown {
  const known = [BadQueryError, UnknownColumnError, TooManyRowsError, InvalidParametersError];
  return cause instanceof HTTPException || known.some((error) => cause instanceof error)
    ? cause
    : new HTTPException(503, { message: "the figures are not available now", cause });
}

/** The answer of something that asks ClickHouse. */
export const guarded = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((cause) => {
    throw away(cause);
  });

/** ClickHouse may be away while mail and tracking go on. */
export function guardedQueries(queries: Queries): Queries {
  const guard = guarded;
  return {
    messages: (...question) => guard(queries.messages(...question)),
    message: (...question) => guard(queries.message(...question)),
    messageHead: (...question) => guard(queries.messageHead(...question)),
    hits: (...question) => guard(queries.hits(...question)),
    groups: (...question) => guard(queries.groups(...question)),
    ownFields: (...question) => guard(queries.ownFields(...question)),
    series: (...question) => guard(queries.series(...question)),
    bounces: (...question) => guard(queries.bounces(...question)),
    heat: (...question) => guard(queries.heat(...question)),
    technical: (...question) => guard(queries.technical(...question)),
    reactions: (...question) => guard(queries.reactions(...question)),
    sendingHours: (...question) => guard(queries.sendingHours(...question)),
    stats: (...question) => guard(queries.stats(...question)),
    suppressions: (...question) => guard(queries.suppressions(...question)),
    suppression: (...question) => guard(queries.suppression(...question)),
    async *exportSuppressions(...question) {
      try {
        yield* queries.exportSuppressions(...question);
      } catch (cause) {
        throw away(cause);
      }
    },
    attempts: (...question) => guard(queries.attempts(...question)),
    reputation: (...question) => guard(queries.reputation(...question)),
    arrivals: (...question) => guard(queries.arrivals(...question)),
    position: () => guard(queries.position()),
    // Asked after something was written: that it cannot be seen yet undoes nothing.
    caughtUp: (...question) => queries.caughtUp(...question).catch(() => false),
  };
}

/** The body, or null when it is no longer kept. */
export async function bodyOf(
  bodies: Pick<BodyStore, "get">,
  reference: string,
): Promise<Uint8Array | null> {
  try {
    return await bodies.get(reference);
  } catch (cause) {
    if (cause instanceof BodyGoneError) return null;
    if (!(cause instanceof LogUnavailableError)) throw cause;
    throw new HTTPException(503, { message: "message contents are not available now", cause });
  }
}
