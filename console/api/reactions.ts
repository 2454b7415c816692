/** When people react, and when to send. */
import { type SendingHour, UNITS } from "@chappe/analytics";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { bestFirst } from "./best_hour.ts";
import { scope } from "./parameters.ts";
import { type Route, route } from "./route.ts";

const count = z.int().nonnegative();
export const ReactionsQuery = z.strictObject({
  ...scope,
  unit: z.enum(Object.keys(UNITS) as [keyof typeof UNITS]).default("hour"),
  units: z.coerce.number<string>().int().min(1).max(1000).default(72)
    .describe("How many; what came later is one more"),
});
const ReactionsShape = z.strictObject({
  items: z.array(z.strictObject({
    from: count.describe("ms after sending"),
    to: count.nullable().describe("Null: and later"),
    opened: count.describe("Copies whose image was loaded for the first time"),
    clicked: count,
    opens: count.describe("All of them"),
    clicks: count,
  })),
});

export const HoursQuery = z.strictObject({
  ...scope,
  timezone: z.string().max(64).default("UTC").describe("As in the IANA database"),
});
const share = z.number().min(0).max(1);
const hour = {
  weekday: z.int().min(1).max(7).describe("1: Monday"),
  hour: z.int().min(0).max(23),
};
const HoursShape = z.strictObject({
  items: z.array(z.strictObject({
    ...hour,
    sent: count,
    opened: count,
    clicked: count,
    rates: z.strictObject({ open: share, click: share }),
  })).describe("Hours in which something was sent"),
  best: z.array(z.strictObject(hour))
    .describe("Up to three, by what the open rate is at least, with 95 % confidence"),
});

export function reactions({ queries }: Pick<ConsoleDeps, "queries">): Route[] {
  return [
    route({
      method: "get",
      path: "/stats/reactions",
      id: "getReactions",
      summary: "Opens and clicks of people, over the time since their copy was sent",
      role: "analyst",
      query: ReactionsQuery,
      messages: queries,
      answer: { status: 200, name: "Reactions", schema: ReactionsShape },
      handle: async ({ account, query }) => ({ items: await queries.reactions(account, query) }),
    }),
    route({
      method: "get",
      path: "/stats/sending-hours",
      id: "getSendingHours",
      summary: "How mail is received by weekday and hour of sending, and the best hours",
      role: "analyst",
      query: HoursQuery,
      messages: queries,
      answer: { status: 200, name: "SendingHours", schema: HoursShape },
      async handle({ account, query }) {
        const hours = await queries.sendingHours(account, query);
        const best = bestFirst(hours).slice(0, 3);
        return {
          items: hours.map(withRates),
          best: best.map(({ weekday, hour }) => ({ weekday, hour })),
        };
      },
    }),
  ];
}

function withRates(row: SendingHour) {
  const { sent, opened, clicked } = row;
  const rate = (part: number) => sent === 0 ? 0 : part / sent;
  return { ...row, rates: { open: rate(opened), click: rate(clicked) } };
}
