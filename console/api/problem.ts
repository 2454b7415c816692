/** Errors of the API: RFC 9457 problem details. */
import { BadQueryError, TooManyRowsError, UnknownColumnError } from "@chappe/analytics";
import { LogUnavailableError } from "@chappe/src/log";
import { RefusedError, VerifierBusyError } from "@chappe/src/settings";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { STATUS_CODES } from "node:http";
import * as z from "zod";
import type { Env } from "../deps.ts";
import { BusyError } from "../web/slots.ts";
import { ReplyShape } from "./shapes.ts";

export const Problem = z.strictObject({
  type: z.literal("about:blank").describe("The title says all (RFC 9457 §4.2.1)"),
  title: z.string().describe("Phrase of the HTTP status"),
  status: z.int().describe("The HTTP status"),
  detail: z.string().describe("What went wrong this time"),
  instance: z.string().describe("Path of the request"),
  errors: z.array(z.strictObject({
    parameter: z.string().optional().describe("Name of a query parameter or header"),
    pointer: z.string().optional().describe("Place in the body: a JSON Pointer (RFC 6901)"),
    detail: z.string(),
  })).optional().describe("With 422: each field that cannot be used, and why"),
  smtp: ReplyShape.optional().describe("The refusal of a message, as SMTP has it"),
});
export type Problem = z.infer<typeof Problem>;

/** Parameters, or fields of a body, that cannot be used; becomes a 422. */
export class InvalidParametersError extends Error {
  override name = "InvalidParametersError";
  constructor(readonly errors: NonNullable<Problem["errors"]>) {
    super(errors.map((e) => `${e.parameter ?? e.pointer}: ${e.detail}`).join("; "));
  }
}

export function problem(
  c: Context<Env>,
  status: ContentfulStatusCode,
  detail: string,
  more: Pick<Problem, "errors" | "smtp"> = {},
): Response {
  const body: Problem = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail,
    instance: c.req.path,
    ...more,
  };
  return c.body(JSON.stringify(body), status, { "Content-Type": "application/problem+json" });
}

const REFUSALS = { invalid: 422, forbidden: 403, unknown: 404, taken: 409 } as const;

/** The status that an error answers with, and what may be said about it. */
export function statusOfError(error: Error): { status: ContentfulStatusCode; detail: string } {
  if (error instanceof InvalidParametersError || error instanceof BadQueryError) {
    return { status: 422, detail: error.message };
  }
  if (error instanceof UnknownColumnError || error instanceof TooManyRowsError) {
    return { status: 422, detail: error.message };
  }
  if (error instanceof BusyError) return { status: 429, detail: error.message };
  if (error instanceof RefusedError) {
    return { status: REFUSALS[error.kind], detail: error.message };
  }
  if (error instanceof LogUnavailableError || error instanceof VerifierBusyError) {
    return { status: 503, detail: "not possible now; try again later" };
  }
  if (error instanceof HTTPException) {
    return { status: error.status as ContentfulStatusCode, detail: error.message };
  }
  return { status: 500, detail: "an error on our side; it was logged" };
}

export function problemOfError(c: Context<Env>, error: Error): Response {
  const { status, detail } = statusOfError(error);
  if (error instanceof BusyError) c.header("Retry-After", String(error.retryAfter));
  const more = error instanceof InvalidParametersError ? { errors: error.errors } : {};
  return problem(c, status, detail, more);
}
