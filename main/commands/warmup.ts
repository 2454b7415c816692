/** `chappe warmup …` */
import {
  addressOf,
  calendarNamed,
  pastArrivals,
  pastSince,
  planOf,
  readHeld,
  readHistory,
  scenarioOf,
  standingOf,
} from "@chappe/src/addresses";
import {
  calendarOf,
  dateOf,
  DAY,
  HOUR,
  hourKey,
  PROFILES,
  type Sheet,
  simulate,
  startOf,
  taken,
} from "@chappe/src/sending";
import { accountOf } from "@chappe/src/settings";
import { UsageError } from "../exit.ts";
import { describe } from "./address.ts";
import { command } from "./command.ts";
import type { Context } from "./context.ts";
import { asText } from "./output.ts";
import { readShare, readWhole } from "./values.ts";
import { csvOf, hourChart, simulationLines } from "./warmup_chart.ts";

/** Days of the past and of the plan that are shown. */
const SHOWN = 14;

const show = command({
  name: "warmup show",
  args: ["ip"],
  options: {},
  help: "The days of an address's warm-up: what it might send, what it took, what was decided.",
  async run(context, { ip }) {
    const { events, now } = context;
    const at = now();
    const { sending } = await readHeld(events);
    const source = addressOf(sending, ip);
    const { days, decisions } = await readHistory(events, source.ip);
    const plan = planOf(calendarOf(sending, source), standingOf(sending, source.ip, at), at, SHOWN);
    const today = startOf(at, DAY);
    const past = [...days].filter(([date]) => date < dateOf(at)).slice(-SHOWN);
    const rows = [
      ...await Promise.all(past.map(async ([date, { day, cap }]) => ({
        date,
        day,
        cap,
        taken: sum(await takenBy(context, source.ip, Date.parse(date))),
      }))),
      ...await Promise.all(plan.map(async ({ date, day, cap }) => ({
        date,
        day,
        cap,
        taken: date === dateOf(at) ? sum(await takenBy(context, source.ip, today)) : null,
      }))),
    ];
    const hours = await takenBy(context, source.ip, today);
    const allowed = plan[0]?.date === dateOf(at) ? plan[0].hours : null;
    const told = decisions.slice(-SHOWN).map(({ at, words }) =>
      `${new Date(at).toISOString().slice(0, 16)}Z  ${words}`
    );
    return {
      lines: [
        asText({ record: describe(sending, source, at) }),
        "",
        asText({ rows }),
        "",
        ...allowed === null ? ["No cap today."] : [
          "Today by UTC hour: taken of allowed",
          ...hourChart(hours, allowed),
        ],
        ...told.length === 0 ? [] : ["", "Decisions", ...told],
      ],
      json: { address: source.ip, days: rows, today: { hours, allowed }, decisions },
    };
  },
});

const simulation = command({
  name: "warmup simulate",
  args: [],
  options: {
    volume: { value: "number", help: "Messages a day" },
    account: { value: "id", help: "Or the past traffic of an account, over and over" },
    addresses: { value: "number", help: "New dedicated addresses: 2, unless said" },
    days: { value: "number", help: "30, unless said" },
    profile: {
      choices: Object.keys(PROFILES) as (keyof typeof PROFILES)[],
      help: "When in a day the volume comes; flat, unless said",
    },
    calendar: { value: "name", help: "default, unless said" },
    wait: { help: "The surplus waits, instead of going to the shared addresses" },
    "bounce-rate": { value: "share", help: "Of what is sent: 1%, unless said" },
    "deferral-rate": { value: "share", help: "2%, unless said" },
    "complaint-rate": { value: "share", help: "0, unless said" },
    csv: { choices: ["days", "hours"], help: "Data for a chart" },
  },
  help: "A warm-up that would begin today, by the code that production runs.",
  async run(context, { volume, account, profile = "flat", ...given }) {
    const { events, now } = context;
    const { sending, settings } = await readHeld(events);
    if ((volume === undefined) === (account === undefined)) {
      throw new UsageError("say --volume=<number> or --account=<id>");
    }
    if (account !== undefined) accountOf(settings, account);
    const traffic = account === undefined
      ? { volume: readWhole("volume", volume!, 1, 100_000_000), profile }
      : { past: await pastArrivals(events, account, pastSince(now())) };
    const asked = {
      traffic,
      addresses: readWhole("addresses", given.addresses ?? "2", 1, 100),
      days: readWhole("days", given.days ?? "30", 1, 366),
      calendar: calendarNamed(sending, given.calendar ?? "default"),
      overflow: !given.wait,
      received: {
        bounced: readShare("bounce-rate", given["bounce-rate"] ?? "1%"),
        deferred: readShare("deferral-rate", given["deferral-rate"] ?? "2%"),
        complained: readShare("complaint-rate", given["complaint-rate"] ?? "0"),
      },
    };
    const result = simulate(scenarioOf(asked, now()));
    const lines = given.csv === undefined ? simulationLines(result) : csvOf(result, given.csv);
    return { lines, json: result };
  },
});

/** What was taken of the allowance in each UTC hour of a day; it counts before it is sent. */
function takenBy(
  { counters, registers, now }: Context,
  ip: string,
  day: number,
): Promise<number[]> {
  return Promise.all(Array.from({ length: 24 }, async (_, hour) => {
    const at = day + hour * HOUR;
    if (at > now()) return 0;
    const key = hourKey(ip, at);
    const sheet = await registers.read(key);
    // What an older version took was counted.
    return sheet === null ? await counters.get(key) : taken(sheet.value as Sheet);
  }));
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

export const WARMUP_COMMANDS = [show, simulation];
