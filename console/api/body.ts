/** JSON bodies, strictly: what is not known or not understood is refused by its place. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type * as z from "zod";
import type { Env } from "../deps.ts";
import { InvalidParametersError, type Problem } from "./problem.ts";

/**
 * @throws {HTTPException} 415 for another type, 400 for what is no JSON.
 * @throws {InvalidParametersError} naming each field that is unknown, missing or malformed.
 */
export async function readBody<T>(c: Context<Env>, schema: z.ZodType<T>): Promise<T> {
  requireType(c, "application/json");
  return parseBody(await c.req.text(), schema);
}

/** As {@link readBody}, of a body read already. */
export function parseBody<T>(text: string, schema: z.ZodType<T>): T {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new HTTPException(400, { message: "the body is not JSON" });
  }
  const result = schema.safeParse(given);
  if (!result.success) throw new InvalidParametersError(result.error.issues.flatMap(errorsOf));
  return result.data;
}

/**
 * The one of `types` that the body is said to have.
 * @throws {HTTPException} 415 when it is said to be anything else.
 */
export function requireType(c: Context<Env>, ...types: string[]): string {
  const [given] = c.req.header("content-type")?.toLowerCase().split(/\s*;/) ?? [];
  if (given !== undefined && types.includes(given)) return given;
  throw new HTTPException(415, {
    message: `the body must be ${types.join(" or ")}, not ${given ?? "untyped"}`,
  });
}

function errorsOf(issue: z.core.$ZodIssue): NonNullable<Problem["errors"]> {
  if (issue.code === "unrecognized_keys") {
    const at = (key: string) => pointer([...issue.path, key]);
    return issue.keys.map((key) => ({ pointer: at(key), detail: "unknown field" }));
  }
  const meant = issue.code === "invalid_union" ? meantIn(issue) : undefined;
  if (meant === undefined) return [{ pointer: pointer(issue.path), detail: reasonOf(issue) }];
  return meant.flatMap((inner) => errorsOf({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** What is wrong within the one shape that was meant, if one was: the others do not fit at all. */
function meantIn({ errors }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const within = errors.filter((issues) => issues.every(({ path }) => path.length > 0));
  return within.length === 1 ? within[0] : undefined;
}

/** Of a record's key: what is wrong with it. */
function reasonOf(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_key" ? issue.issues[0]!.message : issue.message;
}

/** JSON Pointer (RFC 6901). */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
