/** The message that somebody names. */
import type { MessageDetail, Queries } from "@chappe/analytics";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Env } from "../deps.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws {HTTPException} 404 when the account has no such message, whoever else may have it. */
export async function messageOf(
  queries: Pick<Queries, "message">,
  account: string,
  id: string,
): Promise<MessageDetail> {
  const detail = UUID.test(id) ? await queries.message(account, id.toLowerCase()) : null;
  if (detail === null) throw new HTTPException(404, { message: "there is no such message" });
  return detail;
}

/** The one that the URL names as `id`. @throws {HTTPException} 404 */
export const findMessage = (queries: Queries, c: Context<Env>): Promise<MessageDetail> =>
  messageOf(queries, c.get("account"), c.req.param("id") ?? "");
