/** `chappe calendar …` */
import { calendarNamed, defineCalendar, readHeld } from "@chappe/src/addresses";
import { type Calendar, capOn } from "@chappe/src/sending";
import { UsageError } from "../exit.ts";
import { command } from "./command.ts";
import { changeSources } from "./context.ts";
import type { Row } from "./output.ts";
import { readShare, readWhole } from "./values.ts";

/** Whatever a number of messages may be. */
const MOST = 1_000_000_000;

const define = command({
  name: "calendar define",
  args: ["calendar"],
  options: {
    days: { value: "numbers", required: true, help: "Most messages on day 1, 2, …: 50,100,500" },
    increment: { value: "number", help: "How much more on each day after those; 0, unless said" },
    "last-day": { value: "number", help: "After it the address is warm; else the days end it" },
    share: {
      value: "provider=share",
      multiple: true,
      help: "How much of a day's cap may go to a provider: google=40%",
    },
  },
  help: "How much a new address may send, day by day. Addresses that go by it follow at once.",
  async run(context, { calendar, days, increment = "0", "last-day": last, share }) {
    const caps = days.split(",").map((text) => readWhole("days", text.trim(), 1, MOST));
    const wanted = {
      calendar,
      days: caps,
      increment: readWhole("increment", increment, 0, MOST),
      lastDay: last === undefined ? caps.length : readWhole("last-day", last, 1, 1000),
      providers: Object.fromEntries(share.map(readProvider)),
    };
    const state = await changeSources(context, (held) => defineCalendar(held, wanted));
    return { record: describe(calendarNamed(state, calendar)) };
  },
});

const list = command({
  name: "calendar list",
  args: [],
  options: {},
  help: "Calendars, and what they allow.",
  async run({ events }) {
    const { sending } = await readHeld(events);
    return { rows: [...sending.calendars.values()].map(describe) };
  },
});

function readProvider(text: string): [string, number] {
  const [provider, share] = text.split("=");
  if (!provider || share === undefined) {
    throw new UsageError(`--share is provider=share, such as google=40%; not "${text}"`);
  }
  return [provider, readShare("share", share)];
}

function describe(calendar: Calendar): Row {
  const { name, days, increment, lastDay, providers } = calendar;
  return {
    calendar: name,
    days: days.map(String),
    increment,
    lastDay,
    most: capOn(calendar, lastDay),
    shares: Object.entries(providers).map(([provider, share]) => `${provider} ${share}`),
  };
}

export const CALENDAR_COMMANDS = [define, list];
