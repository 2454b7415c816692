/** The OpenAPI 3.1 description, made from the declarations that route, check and shape the traffic. */
import * as z from "zod";
import { FILTER_SCHEMA } from "./filter.ts";
import { Problem } from "./problem.ts";
import type { Answer, Route } from "./route.ts";

type Json = Record<string, unknown>;

/** `publicUrl`: where clients reach the server. */
export function openApi(publicUrl: string, routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  const schemas: Json = { Problem: jsonSchema(Problem, "output"), Filter: FILTER_SCHEMA };
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
    const { answer } = route;
    if ("schema" in answer) schemas[answer.name] = jsonSchema(answer.schema, "output");
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Chappe",
      version: "1",
      description:
        "Send mail, follow what became of each message, and see to all that an account " +
        "holds. Times are ISO 8601 in UTC. Errors are problem details (RFC 9457). The operator of " +
        "the installation reaches all this for any account under `/accounts/{account}`.",
    },
    servers: [{ url: new URL("/api/v1", publicUrl).href }],
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: "http", scheme: "bearer" } },
      schemas,
    },
  };
}

const PROBLEMS: Record<number, string> = {
  400: "The body is not JSON",
  401: "No valid API key",
  403: "The role, or the account, may not do this; the detail says what is needed",
  404: "No such thing in this account",
  408: "The body did not arrive whole",
  409: "Taken, or not possible as things stand",
  410: "The content is no longer kept",
  413: "The body is too large",
  415: "The body has another type",
  422: "A parameter or field is unknown or malformed",
  429: "A limit of the account is reached; see Retry-After",
  503: "Not available now; try again later",
};

function operation(route: Route): Json {
  const { id, summary, answer, role, platform, body, uploads } = route;
  const needed = platform ? "A key of the platform, role owner" : `Role: ${role}`;
  const content = contentOf(uploads ?? (body && { "application/json": body }));
  return {
    operationId: id,
    summary,
    description: `${needed}.`,
    parameters: parametersOf(route),
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    responses: { [answer.status]: response(answer), ...problemsOf(route) },
  };
}

function contentOf(types: Route["uploads"]): Json | undefined {
  return types && Object.fromEntries(
    Object.entries(types).map(([type, shape]) => [
      type,
      { schema: shape === null ? { type: "string" } : jsonSchema(shape, "input") },
    ]),
  );
}

function parametersOf({ method, path, query, repeatable }: Route): Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const key = {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description: "Two requests with the same key have one effect",
    schema: { type: "string", maxLength: 255 },
  };
  const keyed = method === "post" && repeatable !== false;
  return [...inPath, ...query === undefined ? [] : queryParameters(query), ...keyed ? [key] : []];
}

function problemsOf(route: Route): Json {
  const { role, path, query, messages, body, uploads, method, platform, problems = [] } = route;
  const taken = body !== undefined || uploads !== undefined;
  const statuses = new Set([
    401,
    503,
    ...role === "analyst" ? [] : [403],
    ...path.includes("{") || platform || messages ? [404] : [],
    ...query !== undefined || taken || method === "post" ? [422] : [],
    ...taken ? [413, 415] : [],
    ...body === undefined ? [] : [400],
    ...problems,
  ]);
  const content = { "application/problem+json": { schema: reference("Problem") } };
  return Object.fromEntries(
    [...statuses].map((status) => [status, { description: PROBLEMS[status], content }]),
  );
}

const MADE = { 201: "Made", 202: "Taken, to be done" };

function response(answer: Answer<unknown>): Json {
  if (answer.status === 204) return { description: "Done" };
  const content = "media" in answer
    ? { [answer.media]: { schema: { type: "string", format: "binary" } } }
    : { "application/json": { schema: reference(answer.name) } };
  const location = { description: "Path of what was made", schema: { type: "string" } };
  return answer.status === 200
    ? { description: "OK", content }
    : { description: MADE[answer.status], headers: { Location: location }, content };
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function queryParameters(query: z.ZodObject): Json[] {
  return Object.entries(query.shape).map(([name, field]) => {
    const { description, ...schema } = jsonSchema(field as z.ZodType, "input");
    const list = schema["type"] === "array" ? { style: "form", explode: false } : {};
    return { name, in: "query", required: false, description, schema, ...list };
  });
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io });
  return json;
}
