/** The message or the campaign that a list or a picture is about. */
import type { MessageHead, Queries } from "@chappe/analytics";
import { HTTPException } from "hono/http-exception";
import { findHead } from "../web/find_message.ts";

/** By its id. */
export type Mailing = { message: string } | { campaign: string };

/**
 * The message itself; of a campaign its newest.
 * @throws {HTTPException} 404 when the account has sent no such thing, whoever else may have.
 */
export async function newestOf(
  queries: Pick<Queries, "messages" | "messageHead">,
  account: string,
  mailing: Mailing,
): Promise<MessageHead> {
  return "message" in mailing
    ? await findHead(queries, account, mailing.message)
    : await newestOfCampaign(queries, account, mailing.campaign);
}

async function newestOfCampaign(
  queries: Pick<Queries, "messages" | "messageHead">,
  account: string,
  campaign: string,
): Promise<MessageHead> {
  const { items: [newest] } = campaign === ""
    ? { items: [] }
    : await queries.messages(account, { campaign }, { limit: 1 });
  const detail = newest === undefined ? null : await queries.messageHead(account, newest.id);
  if (detail === null) throw new HTTPException(404, { message: "there is no such campaign" });
  return detail;
}
