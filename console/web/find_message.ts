/** The message that somebody names. */
import type { MessageDetail, MessageHead, Queries } from "@chappe/analytics";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Env } from "../deps.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whole. @throws {HTTPException} 404 when the account has no such message, whoever else may have it. */
export const findMessage = (queries: Queries, c: Context<Env>): Promise<MessageDetail> =>
  found(c.req.param("id") ?? "", (id) => queries.message(c.get("account"), id));

/** That it is there, and what leads to its content. @throws {HTTPException} 404 likewise */
export const findHead = (
  queries: Pick<Queries, "messageHead">,
  account: string,
  id: string,
): Promise<MessageHead> => found(id, (id) => queries.messageHead(account, id));

/** The same where a question may name one. */
export async function requireMessage(
  queries: Pick<Queries, "messageHead">,
  account: string,
  { message }: { message?: string },
): Promise<void> {
  if (message !== undefined) await findHead(queries, account, message);
}

async function found<Found>(
  id: string,
  ask: (id: string) => Promise<Found | null>,
): Promise<Found> {
  const message = UUID.test(id) ? await ask(id.toLowerCase()) : null;
  if (message === null) throw new HTTPException(404, { message: "there is no such message" });
  return message;
}
