/** Why a message went the way it went. */
import type { EventType } from "@chappe/src/events";
import { recipientKey, STATUSES } from "@chappe/src/rules";
import { tellEvent } from "@chappe/src/sending";
import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { findMessage } from "../web/find_message.ts";
import { iso, Time } from "./lists.ts";
import { type Route, route } from "./route.ts";

const Story = z.strictObject({
  message: z.string(),
  recipients: z.array(z.strictObject({
    recipient: z.string(),
    status: z.enum(STATUSES),
    events: z.array(z.strictObject({
      at: Time,
      type: z.string(),
      words: z.array(z.string()).describe("What happened, then the choice behind it"),
    })),
  })),
});

const WhyQuery = z.strictObject({
  recipient: z.string().max(998).describe("Whole address; all recipients without it").optional(),
});

export function why({ queries }: Pick<ConsoleDeps, "queries">): Route[] {
  return [
    route({
      method: "get",
      path: "/messages/{id}/why",
      id: "explainMessage",
      summary: "Why each copy left from that address at that moment, in words",
      role: "analyst",
      query: WhyQuery,
      answer: { status: 200, name: "Story", schema: Story },
      async handle({ c, query: { recipient } }) {
        const detail = await findMessage(queries, c);
        const key = recipient === undefined ? null : recipientKey(recipient);
        const asked = detail.recipients.filter((copy) =>
          key === null || recipientKey(copy.recipient) === key
        );
        if (asked.length === 0) {
          throw new HTTPException(404, { message: `the message did not go to ${recipient}` });
        }
        return {
          message: detail.id,
          recipients: asked.map(({ recipient, status, events }) => ({
            recipient,
            status,
            events: events.map(({ at, type, data }) => ({
              at: iso(at),
              type,
              words: told(at, type, data),
            }))
              .filter(({ words }) => words.length > 0),
          })),
        };
      },
    }),
  ];
}

/** ClickHouse holds events as the log has them. */
function told(at: number, type: EventType, data: Record<string, unknown>): string[] {
  return tellEvent({ at, type, data } as unknown as Parameters<typeof tellEvent>[0]);
}
