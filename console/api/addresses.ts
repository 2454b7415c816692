/** Source addresses: where mail leaves from. */
import {
  addAddress,
  addressOf,
  changeAddress,
  normaliseIp,
  pauseAddress,
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
import { RefusedError } from "@chappe/src/settings";
import * as z from "zod";
import type { ConsoleDeps } from "../deps.ts";
import { type AddressDeps, changeSources } from "./change.ts";
import { allOf, iso, locationOf, pageOf, Time } from "./lists.ts";
import { Moment } from "./moment.ts";
import { type Route, route } from "./route.ts";
import { addressesSeen, addressSeen } from "./seen_sources.ts";

export const AddressItem = z.strictObject({
  address: z.string(),
  ehlo: z.string().describe("What it calls itself; its PTR leads there, and back"),
  pool: z.string(),
  calendar: z.string(),
  state: z.enum(["warming", "warm", "paused", "retired"]),
  day: z.int().nullable().describe("Of the calendar, behind a pause too; null: no warm-up"),
  dayCap: z.int().nullable().describe("The most it may send on this UTC day; null: no cap"),
  pausedUntil: Time.nullable().describe("Null: not paused, or until it is resumed"),
  pausedBy: z.string().nullable().describe("The rule"),
  listed: z.array(z.string()).describe("DNS block lists that name it"),
});
const AddressPage = pageOf(AddressItem);

const ehlo = z.string().max(253);
const name = z.string().max(200);
const day = z.int().min(1).max(1000).describe("That this day is, in its calendar");

const NewAddress = z.strictObject({
  address: z.string().max(45),
  ehlo: ehlo.optional().describe("The installation's name without it"),
  pool: name.default("shared"),
  calendar: name.default("default"),
  state: z.enum(["warming", "warm"]).default("warming"),
  day: day.optional(),
});

const AddressChange = z.strictObject({
  ehlo,
  pool: name,
  calendar: name,
  state: z.enum(["warming", "warm", "retired"]),
  day,
}).partial();

const Pause = z.strictObject({
  until: Moment.nullable().default(null).describe("Null: until it is resumed"),
  reason: z.string().trim().min(1).max(200).default("no reason given"),
});

export function addressItem(
  sending: SendingState,
  source: SourceAddress,
  now: number,
): z.infer<typeof AddressItem> {
  const { ip, ehlo, pool, calendar, listed } = source;
  const state = stateAt(source, now);
  const standing = standingOf(sending, ip, now);
  const cap = standing === null ? 0 : dayCap(calendarOf(sending, source), standing, now);
  const until = state.kind === "paused" ? state.until : null;
  return {
    address: ip,
    ehlo,
    pool,
    calendar,
    state: state.kind,
    day: standing?.kind === "warming" ? standing.day : null,
    dayCap: cap === Infinity ? null : cap,
    pausedUntil: until === null ? null : iso(until),
    pausedBy: state.kind === "paused" ? state.reason : null,
    listed: [...listed],
  };
}

export function addresses(
  deps: AddressDeps & Pick<ConsoleDeps, "installation">,
): Route[] {
  const { sending, now, installation } = deps;
  const answer = { status: 200, name: "Address", schema: AddressItem } as const;
  const platform = { role: "owner", platform: true } as const;
  const item = (state: SendingState, text: string) =>
    addressItem(state, addressOf(state, text), now());
  return [
    route({
      method: "get",
      path: "/addresses",
      id: "listAddresses",
      summary: "Source addresses that serve the account; to the operator, all",
      role: "analyst",
      answer: { status: 200, name: "AddressPage", schema: AddressPage },
      handle: ({ account }) =>
        allOf(
          addressesSeen(sending.now, account).map((source) =>
            addressItem(sending.now, source, now())
          ),
        ),
    }),
    route({
      method: "post",
      path: "/addresses",
      id: "addAddress",
      summary: "A new source address; it warms up from day 1 unless said otherwise",
      ...platform,
      body: NewAddress,
      answer: { ...answer, status: 201 },
      problems: [409],
      async handle({ c, by, body: { state, day, ehlo, ...given } }) {
        const after = await changeSources(deps, by, (held) =>
          addAddress(
            held,
            { ...given, ehlo: ehlo ?? installation.hostname, standing: standing(state, day) },
            now(),
          ));
        const address = normaliseIp(given.address);
        c.header("Location", locationOf(c.req.path, address));
        return item(after, address);
      },
    }),
    route({
      method: "get",
      path: "/addresses/{address}",
      id: "getAddress",
      summary: "A source address as it stands",
      role: "analyst",
      answer,
      handle: ({ account, param }) =>
        addressItem(sending.now, addressSeen(sending.now, account, param("address")), now()),
    }),
    route({
      method: "patch",
      path: "/addresses/{address}",
      id: "changeAddress",
      summary: "Changes what is named, and nothing else",
      ...platform,
      body: AddressChange,
      answer,
      async handle({ by, body: { state, day, ...given }, param }) {
        const wanted = { ...given, address: param("address"), standing: standing(state, day) };
        const after = await changeSources(
          deps,
          by,
          (held) => changeAddress(held, wanted, now()),
        );
        return item(after, wanted.address);
      },
    }),
    route({
      method: "delete",
      path: "/addresses/{address}",
      id: "removeAddress",
      summary: "Takes an address away; what it sent stays in the log",
      ...platform,
      answer: { status: 204 },
      async handle({ by, param }) {
        const address = param("address");
        await changeSources(deps, by, (held) => removeAddress(held, { address }));
      },
    }),
    route({
      method: "post",
      path: "/addresses/{address}/pause",
      id: "pauseAddress",
      summary: "Sends nothing from it for a time; its warm-up stays where it is",
      ...platform,
      body: Pause,
      answer,
      async handle({ by, body, param }) {
        const address = param("address");
        const after = await changeSources(
          deps,
          by,
          (held) => pauseAddress(held, { address, ...body }, now()),
        );
        return item(after, address);
      },
    }),
    route({
      method: "post",
      path: "/addresses/{address}/resume",
      id: "resumeAddress",
      summary: "Ends a pause before its time",
      ...platform,
      answer,
      async handle({ by, param }) {
        const address = param("address");
        const after = await changeSources(
          deps,
          by,
          (held) => resumeAddress(held, { address }, now()),
        );
        return item(after, address);
      },
    }),
  ];
}

/** A day is one of a warm-up. @throws {RefusedError} */
function standing(
  state: WantedStanding["kind"] | undefined,
  day: number | undefined,
): WantedStanding | undefined {
  if (state === undefined && day === undefined) return undefined;
  if (state === undefined || state === "warming") return { kind: "warming", day: day ?? 1 };
  if (day !== undefined) throw new RefusedError("invalid", `a day is none of "${state}"`);
  return { kind: state };
}
