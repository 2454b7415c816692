/** The list of recipients that get no mail of the account. */
import type { SuppressionRow } from "@chappe/analytics";
import { type NewEvent, type SuppressionReason, SuppressionReasonSchema } from "@chappe/src/events";
import { addSuppression, removeSuppression } from "@chappe/src/recipients";
import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { idOfRequest } from "./idempotency.ts";
import { iso, locationOf, pageOf, Time } from "./lists.ts";
import { SuppressionsQuery } from "./parameters.ts";
import { type Route, route } from "./route.ts";
import { shown } from "./shown.ts";

const SuppressionItem = z.strictObject({
  recipient: z.string().describe("Lower case, the domain in A-labels"),
  reason: SuppressionReasonSchema,
  source: z.string().describe("Type of the event that led to it, `api`, or a file's name"),
  note: z.string().nullable(),
  by: z.string().nullable().describe("Who added it: `user:…`, `api-key:…`, `operator`"),
  addedAt: Time,
  message: z.string().nullable().describe("The message that led to it"),
});
const SuppressionPage = pageOf(SuppressionItem);

const NewSuppression = z.strictObject({
  recipient: z.string().max(320),
  reason: z.string().trim().min(1).max(200).default("manual")
    .describe(`One of ${SuppressionReasonSchema.options.join(", ")}; other words become the note`),
  note: z.string().trim().min(1).max(290).optional(),
});

export const suppressionItem = (row: SuppressionRow): z.infer<typeof SuppressionItem> => ({
  recipient: row.recipient,
  reason: row.reason,
  source: row.source,
  note: row.note,
  by: row.by,
  addedAt: iso(row.addedAt),
  message: row.message,
});

export type SuppressionDeps = Pick<ConsoleDeps, "queries" | "events" | "now">;

export function suppressions({ queries, events, now }: SuppressionDeps): Route[] {
  const answer = { status: 200, name: "Suppression", schema: SuppressionItem } as const;

  async function listed(account: string, recipient: string): Promise<SuppressionRow> {
    const row = await queries.suppression(account, recipient);
    if (row === null) throw new HTTPException(404, { message: `${recipient} is not on the list` });
    return row;
  }

  async function append(
    event: NewEvent<"suppression.added" | "suppression.removed">,
  ): Promise<void> {
    const [position] = await events.append([event]);
    await shown(queries, position!.seq, event);
  }

  return [
    route({
      method: "get",
      path: "/suppressions",
      id: "listSuppressions",
      summary: "Recipients that get no mail, and why",
      role: "analyst",
      query: SuppressionsQuery,
      answer: { status: 200, name: "SuppressionPage", schema: SuppressionPage },
      async handle({ account, query: { sort, limit, cursor, ...filter } }) {
        const page = await queries.suppressions(account, filter, { sort, limit, cursor });
        return { items: page.items.map(suppressionItem), next: page.next };
      },
    }),
    route({
      method: "post",
      path: "/suppressions",
      id: "addSuppression",
      summary: "Sends this recipient nothing more",
      role: "operator",
      body: NewSuppression,
      answer: { ...answer, status: 201 },
      async handle({ c, account, by, body: { recipient, ...given }, idempotencyKey }) {
        const entry = { recipient, source: "api", ...why(given) };
        const made = addSuppression({ account, by, at: now() }, entry);
        const added = made.recipient!;
        const id = idOfRequest(account, "addSuppression", idempotencyKey, added) ?? made.id;
        await append({ ...made, id });
        c.header("Location", locationOf(c.req.path, added));
        const { reason, source, note = null } = made.data;
        const row = { recipient: added, reason, source, note, by, addedAt: made.at, message: null };
        return suppressionItem(row);
      },
    }),
    route({
      method: "get",
      path: "/suppressions/{recipient}",
      id: "getSuppression",
      summary: "Whether, since when and why a recipient gets no mail",
      role: "analyst",
      answer,
      handle: async ({ account, param }) =>
        suppressionItem(await listed(account, param("recipient"))),
    }),
    route({
      method: "delete",
      path: "/suppressions/{recipient}",
      id: "removeSuppression",
      summary: "Takes a recipient off the list; who did it stays in the log",
      role: "operator",
      answer: { status: 204 },
      async handle({ account, by, param }) {
        const { recipient } = await listed(account, param("recipient"));
        await append(removeSuppression({ account, by, at: now() }, recipient));
      },
    }),
  ];
}

/** Words that are none of our reasons stand in the note. */
function why({ reason, note }: { reason: string; note?: string }): {
  reason: SuppressionReason;
  note?: string;
} {
  const known = SuppressionReasonSchema.safeParse(reason);
  if (known.success) return { reason: known.data, ...note === undefined ? {} : { note } };
  return { reason: "manual", note: note === undefined ? reason : `${reason}: ${note}` };
}
