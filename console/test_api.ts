/** For tests of the API: requests with a key and a JSON body, and what they answer. */
import assert from "node:assert/strict";
import { Problem } from "./api/problem.ts";
import type { TestConsole } from "./test_console.ts";
import { API_KEY } from "./test_ports.ts";

export interface Answered<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** Sends `body` as JSON; text and bytes as they are. */
export async function send<T = Record<string, unknown>>(
  { app }: Pick<TestConsole, "app">,
  request: string,
  body?: unknown,
  { key = API_KEY, ...headers }: Record<string, string> = {},
): Promise<Answered<T>> {
  const [method, path] = request.split(" ") as [string, string];
  const json = typeof body === "object";
  const response = await app.request(`/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...json ? { "content-type": "application/json" } : {},
      ...headers,
    },
    ...body === undefined ? {} : { body: json ? JSON.stringify(body) : String(body) },
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : text) as T,
  };
}

/** The problem that an answer is. */
export function problemIn({ status, headers, body }: Answered<unknown>, expected: number): Problem {
  assert.equal(status, expected, JSON.stringify(body));
  assert.equal(headers.get("content-type"), "application/problem+json");
  return Problem.parse(body);
}
