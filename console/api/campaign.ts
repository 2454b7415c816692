/** The campaign that a URL names. */
import type { MessageDetail, Queries } from "@chappe/analytics";
import { HTTPException } from "hono/http-exception";

/**
 * Its newest message.
 * @throws {HTTPException} 404 when the account has sent nothing of it, whoever else may have.
 */
export async function newestOf(
  queries: Pick<Queries, "messages" | "message">,
  account: string,
  campaign: string,
): Promise<MessageDetail> {
  const { items: [newest] } = campaign === ""
    ? { items: [] }
    : await queries.messages(account, { campaign }, { limit: 1 });
  const detail = newest === undefined ? null : await queries.message(account, newest.id);
  if (detail === null) throw new HTTPException(404, { message: "there is no such campaign" });
  return detail;
}
