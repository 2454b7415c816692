/** A hit's columns of `facts`: who made it and why that is thought, on what, and what it revokes. */
import type { Event } from "@chappe/src/events";
import { type Client, clientOf, MACHINES, type RawHit } from "./classify/mod.ts";
import type { HitWindow } from "./hit_window.ts";
import { escape } from "./tsv.ts";

export type HitEvent = Event<"engagement.opened"> | Event<"engagement.clicked">;

/** What an event that is no hit says of one. */
export const NO_HIT = {
  actor: "",
  machine: 0,
  user_agent: "",
  ip: "",
  link: -1,
  url: "",
  reason: "",
  device_type: "",
  brand: "",
  model: "",
  os: "",
  os_version: "",
  browser: "",
  browser_version: "",
  mail_client: "",
  support: "",
  language: "",
  since_sent: -1,
  mark: "0",
  revokes: "[]",
  revoked_marks: "[]",
};

/**
 * @param at when it came, ms UTC
 * @param recorded when the log took it, ms UTC
 */
export function hitColumns(
  event: HitEvent,
  { at, recorded }: { at: number; recorded: number },
  window: HitWindow,
): typeof NO_HIT {
  const { data } = event;
  const click = event.type === "engagement.clicked" ? event.data : null;
  const hit: RawHit = {
    id: event.id,
    kind: click === null ? "open" : "click",
    at,
    sinceSent: data.sinceSent,
    userAgent: data.userAgent,
    hints: data.hints,
    ip: data.ip,
    link: click?.link ?? null,
  };
  const columns = {
    user_agent: escape(hit.userAgent),
    ip: escape(hit.ip),
    link: hit.link ?? -1,
    url: escape(click?.url ?? ""),
    ...clientColumns(clientOf(hit.userAgent, hit.hints)),
    language: languageOf(hit.hints["accept-language"] ?? ""),
    since_sent: hit.sinceSent ?? -1,
    mark: markOf(hit),
  };
  const copy = copyOf(event.message ?? "", event.rcpt ?? -1);
  const { actor, reason, revokes } = window.judge(copy, hit, recorded);
  return {
    ...NO_HIT,
    ...columns,
    actor,
    reason,
    machine: MACHINES.has(actor) ? 1 : 0,
    revokes: `[${revokes.map(({ id }) => `'${id}'`).join(",")}]`,
    revoked_marks: `[${revokes.map(markOf).join(",")}]`,
  };
}

/** What {@link HitWindow} knows a copy by. */
export function copyOf(message: string, rcpt: number): string {
  return `${message} ${rcpt}`;
}

const escaped = new WeakMap<Client, ReturnType<typeof escapedClient>>();

/** Clients are shared by many hits, and so are their columns. */
function clientColumns(client: Client) {
  let columns = escaped.get(client);
  if (columns === undefined) escaped.set(client, columns = escapedClient(client));
  return columns;
}

function escapedClient(client: Client) {
  return {
    device_type: escape(client.deviceType),
    brand: escape(client.brand),
    model: escape(client.model),
    os: escape(client.os),
    os_version: escape(client.osVersion),
    browser: escape(client.browser),
    browser_version: escape(client.browserVersion),
    mail_client: escape(client.mailClient),
    support: escape(client.support),
  };
}

const LANGUAGE = /^\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,3})\s*(?:[,;]|$)/;

/** First language tag of an Accept-Language header, as it stands there. */
function languageOf(header: string): string {
  return LANGUAGE.exec(header)?.[1] ?? "";
}

/** The column `mark` (schema/0004_hits.sql): more than a double holds exactly. */
function markOf({ at, kind, id }: RawHit): string {
  const low = (kind === "click" ? 2 ** 19 : 0) + parseInt(id.slice(-5), 16) % 2 ** 19;
  return String(BigInt(at) * 1_048_576n + BigInt(low));
}
