/** The OpenAPI 3.1 description, made from the schemas that check and shape the traffic itself. */
import * as z from "zod";
import { MessagesQuery, StatsQuery } from "./parameters.ts";
import { Problem } from "./problem.ts";
import { MessageDetailShape, MessagePage, StatsShape } from "./shapes.ts";

type Json = Record<string, unknown>;

const COMPONENTS = {
  MessagePage,
  Message: MessageDetailShape,
  Stats: StatsShape,
  Problem,
};

/** `publicUrl`: where clients reach the server. */
export function openApi(publicUrl: string): Json {
  const idParameter = { name: "id", in: "path", required: true, schema: { type: "string" } };
  return {
    openapi: "3.1.0",
    info: {
      title: "Chappe",
      version: "1",
      description: "Follow what became of each message. Times are ISO 8601 in UTC. Errors are " +
        "problem details (RFC 9457).",
    },
    servers: [{ url: new URL("/api/v1", publicUrl).href }],
    security: [{ apiKey: [] }],
    paths: {
      "/messages": {
        get: operation("listMessages", "Messages, one item per recipient", {
          parameters: queryParameters(MessagesQuery),
          answer: jsonContent("MessagePage"),
          problems: [401, 422, 503],
        }),
      },
      "/messages/{id}": {
        get: operation("getMessage", "A message, its recipients and their events", {
          parameters: [idParameter],
          answer: jsonContent("Message"),
          problems: [401, 404, 503],
        }),
      },
      "/messages/{id}/source": {
        get: operation("getMessageSource", "The message as it was handed in", {
          parameters: [idParameter],
          answer: { "message/rfc822": { schema: { type: "string", format: "binary" } } },
          problems: [401, 404, 410, 503],
        }),
      },
      "/stats": {
        get: operation("getStats", "Figures of a period, whole and by group", {
          parameters: queryParameters(StatsQuery),
          answer: jsonContent("Stats"),
          problems: [401, 422, 503],
        }),
      },
    },
    components: {
      securitySchemes: { apiKey: { type: "http", scheme: "bearer" } },
      schemas: Object.fromEntries(
        Object.entries(COMPONENTS).map(([name, schema]) => [name, jsonSchema(schema, "output")]),
      ),
    },
  };
}

const PROBLEMS: Record<number, string> = {
  401: "No valid API key",
  404: "No such message in this account",
  410: "The content is no longer kept",
  422: "A parameter is unknown or malformed",
  503: "Not available now; try again later",
};

function operation(
  operationId: string,
  summary: string,
  { parameters, answer, problems }: { parameters: Json[]; answer: Json; problems: number[] },
): Json {
  const problem = { "application/problem+json": { schema: reference("Problem") } };
  return {
    operationId,
    summary,
    parameters,
    responses: {
      200: { description: "OK", content: answer },
      ...Object.fromEntries(
        problems.map((status) => [status, { description: PROBLEMS[status], content: problem }]),
      ),
    },
  };
}

const reference = (name: keyof typeof COMPONENTS) => ({ $ref: `#/components/schemas/${name}` });
const jsonContent = (name: keyof typeof COMPONENTS) => ({
  "application/json": { schema: reference(name) },
});

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
