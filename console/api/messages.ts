/** What became of each message. */
import { HTTPException } from "hono/http-exception";
import type { ConsoleDeps } from "../deps.ts";
import { download } from "../web/download.ts";
import { findHead, findMessage } from "../web/find_message.ts";
import { bodyOf } from "../web/guarded.ts";
import { filterOf, MessagesQuery } from "./parameters.ts";
import { type Route, route } from "./route.ts";
import { messageDetail, MessageDetailShape, messageItem, MessagePage } from "./shapes.ts";

export function messages({ queries, bodies }: Pick<ConsoleDeps, "queries" | "bodies">): Route[] {
  return [
    route({
      method: "get",
      path: "/messages",
      id: "listMessages",
      summary: "Messages, one item per recipient",
      role: "analyst",
      query: MessagesQuery,
      answer: { status: 200, name: "MessagePage", schema: MessagePage },
      async handle({ account, query }) {
        const page = await queries.messages(account, filterOf(query), query);
        return { items: page.items.map(messageItem), next: page.next };
      },
    }),
    route({
      method: "get",
      path: "/messages/{id}",
      id: "getMessage",
      summary: "A message, its recipients and their events",
      role: "analyst",
      answer: { status: 200, name: "Message", schema: MessageDetailShape },
      handle: async ({ c }) => messageDetail(await findMessage(queries, c)),
    }),
    route({
      method: "get",
      path: "/messages/{id}/source",
      id: "getMessageSource",
      summary: "The message as it was handed in",
      role: "analyst",
      answer: { status: 200, media: "message/rfc822" },
      problems: [410],
      async handle({ account, param }) {
        const { id, body } = await findHead(queries, account, param("id"));
        const source = await bodyOf(bodies, body);
        if (source === null) {
          throw new HTTPException(410, { message: "the content is no longer kept" });
        }
        return download(source, "message/rfc822", `${id}.eml`);
      },
    }),
  ];
}
