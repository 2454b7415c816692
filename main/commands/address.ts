/** `chappe address …` */
import {
  addAddress,
  addressOf,
  changeAddress,
  pauseAddress,
  readHeld,
  removeAddress,
  resumeAddress,
  standingOf,
  type WantedStanding,
} from "@chappe/src/addresses";
import {
  calendarOf,
  dayCap,
  type SendingState,
  type SourceAddress,
  stateAt,
} from "@chappe/src/sending";
import { UsageError } from "../exit.ts";
import { command } from "./command.ts";
import { changeSources, type Context } from "./context.ts";
import type { Row } from "./output.ts";
import { readDuration, readWhole } from "./values.ts";

const PLACE = {
  ehlo: { value: "name", help: "What it calls itself; its PTR leads there, and back" },
  pool: { value: "name", help: "The pool it is in" },
  calendar: { value: "name", help: "Of its warm-up" },
  day: { value: "number", help: "That today is in the calendar" },
} as const;

const add = command({
  name: "address add",
  args: ["ip"],
  options: { ...PLACE, warm: { help: "It is known to receivers: without a cap" } },
  help: "A new source address. It warms up from day 1 unless said otherwise.",
  async run(context, { ip, day, warm, ...given }) {
    const { ehlo = context.config.hostname, pool = "shared", calendar } = given;
    const standing = standingOption(day, warm ? "warm" : undefined);
    const state = await changeSources(
      context,
      (held) => addAddress(held, { address: ip, ehlo, pool, calendar, standing }, context.now()),
    );
    return { record: describe(state, addressOf(state, ip), context.now()) };
  },
});

const list = command({
  name: "address list",
  args: [],
  options: {},
  help: "Source addresses, and how they stand.",
  async run({ events, now }) {
    const { sending } = await readHeld(events);
    return {
      rows: [...sending.addresses.values()].map((source) => describe(sending, source, now())),
    };
  },
});

const show = command({
  name: "address show",
  args: ["ip"],
  options: {},
  help: "How a source address stands. See warmup show for its days.",
  run: ({ events, now }, { ip }) => shown(events, ip, now()),
});

const change = command({
  name: "address change",
  args: ["ip"],
  options: {
    ...PLACE,
    state: {
      choices: ["warming", "warm", "retired"],
      help: "Warming from --day (1) on, without a cap, or out of use",
    },
  },
  help: "Changes what is named.",
  async run(context, { ip, day, state: kind, ...given }) {
    const standing = standingOption(day, kind);
    const state = await changeSources(
      context,
      (held) => changeAddress(held, { address: ip, ...given, standing }, context.now()),
    );
    return { record: describe(state, addressOf(state, ip), context.now()) };
  },
});

const pause = command({
  name: "address pause",
  args: ["ip"],
  options: {
    for: { value: "time", help: "10m, 2h, 3d; until it is resumed without it" },
    reason: { value: "text", help: "Why, in words" },
  },
  help: "Sends nothing from it; its warm-up stays where it is.",
  async run(context, { ip, for: time, reason = "no reason given" }) {
    const until = time === undefined ? null : context.now() + readDuration("for", time);
    const state = await changeSources(
      context,
      (held) => pauseAddress(held, { address: ip, until, reason }, context.now()),
    );
    return { record: describe(state, addressOf(state, ip), context.now()) };
  },
});

const resume = command({
  name: "address resume",
  args: ["ip"],
  options: {},
  help: "Ends a pause before its time.",
  async run(context, { ip }) {
    const state = await changeSources(
      context,
      (held) => resumeAddress(held, { address: ip }, context.now()),
    );
    return { record: describe(state, addressOf(state, ip), context.now()) };
  },
});

const remove = command({
  name: "address remove",
  args: ["ip"],
  options: {},
  help: "Takes an address away. What it sent stays in the log.",
  async run(context, { ip }) {
    await changeSources(context, (held) => removeAddress(held, { address: ip }));
    return { record: { removed: ip } };
  },
});

async function shown(events: Context["events"], ip: string, now: number) {
  const { sending } = await readHeld(events);
  return { record: describe(sending, addressOf(sending, ip), now) };
}

function standingOption(
  day: string | undefined,
  kind: WantedStanding["kind"] | undefined,
): WantedStanding | undefined {
  if (kind !== undefined && kind !== "warming") {
    if (day !== undefined) throw new UsageError(`--day goes with a warm-up, not with ${kind}`);
    return { kind };
  }
  if (day === undefined) return kind === undefined ? undefined : { kind, day: 1 };
  return { kind: "warming", day: readWhole("day", day, 1, 1000) };
}

export function describe(sending: SendingState, source: SourceAddress, now: number): Row {
  const { ip, ehlo, pool, calendar, listed } = source;
  const state = stateAt(source, now);
  const standing = standingOf(sending, ip, now);
  const cap = standing === null ? 0 : dayCap(calendarOf(sending, source), standing, now);
  return {
    address: ip,
    ehlo,
    pool,
    calendar,
    state: state.kind,
    day: standing?.kind === "warming" ? standing.day : null,
    today: cap === Infinity ? null : cap,
    pausedUntil: state.kind === "paused" && state.until !== null ? new Date(state.until) : null,
    pausedBy: state.kind === "paused" ? state.reason : null,
    listed: [...listed],
  };
}

export const ADDRESS_COMMANDS = [add, list, show, change, pause, resume, remove];
