/** Calendars of a warm-up. */
import { defineCalendar } from "@chappe/src/addresses";
import { CalendarDefinedSchema } from "@chappe/src/events";
import * as z from "zod";
import { type AddressDeps, changeSources } from "./change.ts";
import { allOf, pageOf } from "./lists.ts";
import { type Route, route } from "./route.ts";

export const CalendarShape = z.strictObject({
  ...CalendarDefinedSchema.shape,
  days: CalendarDefinedSchema.shape.days.describe("Most messages on day 1, 2, …"),
  increment: CalendarDefinedSchema.shape.increment.describe("How much more on each day after"),
  lastDay: CalendarDefinedSchema.shape.lastDay.describe("After it the address is warm"),
  providers: CalendarDefinedSchema.shape.providers
    .describe("Provider to the share of a day's cap that may go there"),
});
const CalendarPage = pageOf(CalendarShape);

export function calendars(deps: AddressDeps): Route[] {
  return [
    route({
      method: "get",
      path: "/calendars",
      id: "listCalendars",
      summary: "How much a new address may send, day by day",
      role: "analyst",
      answer: { status: 200, name: "CalendarPage", schema: CalendarPage },
      handle: () =>
        allOf(
          [...deps.sending.now.calendars.values()].map(({ name, days, providers, ...rest }) => ({
            calendar: name,
            days: [...days],
            ...rest,
            providers: { ...providers },
          })),
        ),
    }),
    route({
      method: "put",
      path: "/calendars/{calendar}",
      id: "defineCalendar",
      summary: "Defines a calendar, for the addresses that go by it already too",
      role: "owner",
      platform: true,
      body: CalendarShape.omit({ calendar: true }),
      answer: { status: 200, name: "Calendar", schema: CalendarShape },
      async handle({ by, body, param }) {
        const wanted = { calendar: param("calendar"), ...body };
        await changeSources(deps, by, (held) => defineCalendar(held, wanted));
        return wanted;
      },
    }),
  ];
}
