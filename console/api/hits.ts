/** Opens and clicks one by one. */
import { ACTORS, type HitRow } from "@chappe/analytics";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { iso, pageOf, Time } from "./lists.ts";
import { paging, scope, sortBy } from "./parameters.ts";
import { type Route, route } from "./route.ts";

export const HitsQuery = z.strictObject({
  ...scope,
  kind: z.enum(["open", "click"]).optional(),
  actor: z.array(z.enum(ACTORS)).describe("One or more, separated by commas").optional(),
  sort: sortBy(["at"]).default("-at"),
  ...paging,
});

const text = z.string().nullable();
const HitItem = z.strictObject({
  id: z.string().describe("Of the event"),
  at: Time,
  message: z.string(),
  recipient: text,
  kind: z.enum(["open", "click"]),
  actor: z.enum(ACTORS),
  reason: text.describe("The rule that decided on the actor"),
  machine: z.boolean().describe("Whether it counts as a machine's"),
  link: z.int().nonnegative().nullable().describe("Its place in the message, from 0 on"),
  url: text,
  sinceSent: z.int().nullable().describe("ms after the copy was sent"),
  deviceType: text,
  brand: text,
  model: text,
  os: text,
  osVersion: text,
  browser: text,
  browserVersion: text,
  mailClient: text,
  support: text.describe("desktop, mobile, tablet, webmail"),
  ip: text.describe("Cut short"),
  language: text,
  campaign: text,
});
const HitPage = pageOf(HitItem);

function hitItem({ rcpt: _, at, ...hit }: HitRow): z.infer<typeof HitItem> {
  return { ...hit, at: iso(at) };
}

export function hits({ queries }: Pick<ConsoleDeps, "queries">): Route[] {
  return [
    route({
      method: "get",
      path: "/hits",
      id: "listHits",
      summary: "Every open and click, with who made it, why we think so, and on what",
      role: "analyst",
      query: HitsQuery,
      messages: queries,
      answer: { status: 200, name: "HitPage", schema: HitPage },
      async handle({ account, query: { sort, limit, cursor, ...filter } }) {
        const page = await queries.hits(account, filter, { sort, limit, cursor });
        return { items: page.items.map(hitItem), next: page.next };
      },
    }),
  ];
}
