/** A warm-up before it happens. */
import { calendarFrom, calendarNamed, pastSince, scenarioOf } from "@chappe/src/addresses";
import { PROFILES, simulate } from "@chappe/src/sending";
import { HTTPException } from "hono/http-exception";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { CalendarShape } from "./calendars.ts";
import { iso, Time } from "./lists.ts";
import { type Route, route } from "./route.ts";

const share = z.number().min(0).max(1);
const Request = z.strictObject({
  volume: z.int().min(1).max(10_000_000).optional()
    .describe("Messages a day; without it the account's own traffic of the last weeks"),
  profile: z.enum(Object.keys(PROFILES) as [keyof typeof PROFILES]).default("flat")
    .describe("When in a day they come"),
  addresses: z.int().min(1).max(20).default(2),
  days: z.int().min(1).max(120).default(30),
  calendar: z.union([z.string(), CalendarShape]).default("default")
    .describe("The name of a calendar, or one that is to be tried"),
  overflow: z.boolean().default(true).describe("false: the surplus waits"),
  bounceRate: share.default(0.01),
  deferralRate: share.default(0.02),
  complaintRate: share.default(0),
});

const count = z.int().nonnegative();
const flow = { arrived: count, dedicated: count, overflow: count, waiting: count };
const SimulationShape = z.strictObject({
  warmOn: z.iso.date().nullable().describe("First day on which no address has a cap"),
  carriesAllFrom: z.iso.date().nullable().describe("From then on nothing overflows or waits"),
  days: z.array(z.strictObject({
    date: z.iso.date(),
    ...flow,
    givenUp: count,
    longestWaitMs: count,
    addresses: z.array(z.strictObject({
      day: z.int().nullable().describe("Of the calendar; null: warm"),
      cap: count.nullable(),
      sent: count,
      words: z.string().nullable().describe("What was decided at the end of the day"),
    })),
  })),
  hours: z.array(z.strictObject({ at: Time, ...flow })),
});

export function simulation(
  { queries, sending, now }: Pick<ConsoleDeps, "queries" | "sending" | "now">,
): Route[] {
  return [
    route({
      method: "post",
      path: "/warmup/simulate",
      id: "simulateWarmup",
      summary: "A warm-up that would begin today, day by day: dedicated, overflow, waiting",
      role: "analyst",
      body: Request,
      answer: { status: 200, name: "Simulation", schema: SimulationShape },
      problems: [404],
      async handle({ account, body }) {
        const { volume, profile, calendar, bounceRate, deferralRate, complaintRate, ...asked } =
          body;
        const at = now();
        const traffic = volume === undefined
          ? { past: await queries.arrivals(account, { from: pastSince(at), to: at }) }
          : { volume, profile };
        const received = {
          bounced: bounceRate,
          deferred: deferralRate,
          complained: complaintRate,
        };
        if (bounceRate + deferralRate > 1) {
          throw new HTTPException(422, { message: "more bounces and deferrals than messages" });
        }
        const wanted = typeof calendar === "string"
          ? calendarNamed(sending.now, calendar)
          : calendarFrom(calendar);
        const { hours, days, ...dates } = simulate(
          scenarioOf({ ...asked, traffic, received, calendar: wanted }, at),
        );
        return {
          ...dates,
          days: days.map((day) => ({ ...day, addresses: [...day.addresses] })),
          hours: hours.map((hour) => ({ ...hour, at: iso(hour.at) })),
        };
      },
    }),
  ];
}
