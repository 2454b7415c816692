/**
 * One operation of the API: what it takes and gives, who may do it, and how. Requests are routed and
 * checked, and the OpenAPI document is written, by the same declaration.
 */
import type { Queries } from "@chappe/analytics";
import type { Role } from "@chappe/src/events";
import type { Context } from "hono";
import type * as z from "zod";
import type { Env } from "../deps.ts";
import { byOf } from "../auth/principal.ts";
import { requireMessage } from "../web/find_message.ts";
import { readBody, requireType } from "./body.ts";
import { idempotencyKey } from "./idempotency.ts";
import { NoQuery, readQuery } from "./parameters.ts";

/** What a request asks, checked. */
export interface Call<Query, Body> {
  readonly c: Context<Env>;
  /** The account whose data the request is about. */
  readonly account: string;
  /** Who asks, as events name them. */
  readonly by: string;
  readonly query: Query;
  readonly body: Body;
  /** The client's key for this effect; null when it gave none. */
  readonly idempotencyKey: string | null;
  /** A part of the path, decoded. */
  param(name: string): string;
}

export type Answer<A> =
  | { status: 200 | 201 | 202; name: string; schema: z.ZodType<A> }
  | { status: 204 }
  /** Not JSON. */
  | { status: 200; media: string };

interface Declaration<Query, Body, A> {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** As OpenAPI writes it: `/credentials/{login}`. */
  path: string;
  /** operationId */
  id: string;
  summary: string;
  /** The least role that may. */
  role: Role;
  /** Only for the operator of the installation; to others it is not there. */
  platform?: true;
  query?: z.ZodObject & z.ZodType<Query>;
  /** Where the query may name a message, which must be the account's own: else 404. */
  messages?: Pick<Queries, "messageHead">;
  /** JSON. */
  body?: z.ZodType<Body>;
  /** Types of a body that the handler reads by itself, with the shape of what is JSON. */
  uploads?: Readonly<Record<string, z.ZodType | null>>;
  /** Whether a POST that is repeated with the same Idempotency-Key has one effect. */
  repeatable?: false;
  answer: Answer<A>;
  /** Statuses of problems beside those that the other fields tell of. */
  problems?: readonly number[];
  handle(call: Call<Query, Body>): Promise<A | Response> | A | Response;
}

export interface Route extends Omit<Declaration<unknown, unknown, unknown>, "handle"> {
  serve(c: Context<Env>): Promise<Response>;
}

export function route<A = void, Query = Record<never, never>, Body = null>(
  declaration: Declaration<Query, Body, A>,
): Route {
  const { handle, ...rest } = declaration;
  const { query, messages, body, uploads, answer, repeatable } = declaration;
  return {
    ...rest,
    async serve(c) {
      const key = idempotencyKey(c, repeatable ?? true);
      if (uploads !== undefined) requireType(c, ...Object.keys(uploads));
      const account = c.get("account");
      const asked = readQuery(new URL(c.req.url).searchParams, query ?? NoQuery) as Query;
      if (messages !== undefined) await requireMessage(messages, account, asked as object);
      const answered = await handle({
        c,
        account,
        by: byOf(c.get("principal")),
        query: asked,
        body: (body === undefined ? null : await readBody(c, body)) as Body,
        idempotencyKey: key,
        param: (name) => c.req.param(name) ?? "",
      });
      if (answered instanceof Response) return answered;
      return answer.status === 204 ? c.body(null, 204) : c.json(answered as object, answer.status);
    },
  };
}
