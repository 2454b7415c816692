/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): two requests with the same key have
 * one effect. Nothing is stored for it here: the ids of what a request brings about are derived from
 * the key, so the log itself makes one of two. Only a message to send needs an id that tells its
 * time: there the intake notes it under the key.
 */
import { derivedId } from "@chappe/src/events";
import type { Context } from "hono";
import type { Env } from "../deps.ts";
import { InvalidParametersError } from "./problem.ts";

const HEADER = "Idempotency-Key";

/**
 * The key of a POST, of this account; null without one.
 * @throws {InvalidParametersError} for a key that is malformed, or that cannot be honoured here.
 */
export function idempotencyKey(c: Context<Env>, repeatable: boolean): string | null {
  const given = c.req.header(HEADER);
  if (given === undefined || c.req.method !== "POST") return null;
  const detail = !/^[\x20-\x7e]{1,255}$/.test(given)
    ? "use 1 to 255 printable ASCII characters"
    : repeatable
    ? null
    : "cannot be honoured here: each request has an effect of its own";
  if (detail !== null) throw new InvalidParametersError([{ parameter: HEADER, detail }]);
  return given;
}

/** A UUID that is the same for the same request of the same account; null without a key. */
export function idOfRequest(
  account: string,
  operation: string,
  key: string | null,
  ...more: string[]
): string | null {
  return key === null ? null : derivedId("idempotency", account, operation, key, ...more);
}
