/** Errors of the API: RFC 9457 problem details. */
import { BadQueryError } from "@chappe/analytics";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { STATUS_CODES } from "node:http";
import * as z from "zod";
import type { Env } from "../deps.ts";

export const Problem = z.strictObject({
  type: z.literal("about:blank").describe("The title says all (RFC 9457 §4.2.1)"),
  title: z.string().describe("Phrase of the HTTP status"),
  status: z.int().describe("The HTTP status"),
  detail: z.string().describe("What went wrong this time"),
  instance: z.string().describe("Path of the request"),
  errors: z.array(z.strictObject({ parameter: z.string(), detail: z.string() })).optional()
    .describe("With 422: each parameter that cannot be used, and why"),
});
export type Problem = z.infer<typeof Problem>;

/** Parameters that cannot be used; becomes a 422. */
export class InvalidParametersError extends Error {
  override name = "InvalidParametersError";
  constructor(readonly errors: NonNullable<Problem["errors"]>) {
    super(errors.map((e) => `${e.parameter}: ${e.detail}`).join("; "));
  }
}

export function problem(
  c: Context<Env>,
  status: ContentfulStatusCode,
  detail: string,
  errors?: Problem["errors"],
): Response {
  const body: Problem = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    detail,
    instance: c.req.path,
    ...(errors === undefined ? {} : { errors }),
  };
  return c.body(JSON.stringify(body), status, { "Content-Type": "application/problem+json" });
}

/** The status that an error answers with, and what may be said about it. */
export function statusOfError(error: Error): { status: ContentfulStatusCode; detail: string } {
  if (error instanceof InvalidParametersError || error instanceof BadQueryError) {
    return { status: 422, detail: error.message };
  }
  if (error instanceof HTTPException) {
    return { status: error.status as ContentfulStatusCode, detail: error.message };
  }
  return { status: 500, detail: "an error on our side; it was logged" };
}

export function problemOfError(c: Context<Env>, error: Error): Response {
  const { status, detail } = statusOfError(error);
  const errors = error instanceof InvalidParametersError ? error.errors : undefined;
  return problem(c, status, detail, errors);
}
