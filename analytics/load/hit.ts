/** A hit's columns of `facts`: who made it and why that is thought, on what, and what it revokes. */
import type { Event } from "@chappe/src/events";
import { type Client, clientOf, MACHINES, type RawHit } from "./classify/mod.ts";
import type { HitWindow } from "./hit_window.ts";
import { escape } from "./tsv.ts";

export type HitEvent = Event<"engagement.opened"> | Event<"engagement.clicked">;

export const HIT_COLUMNS = [
  "actor",
  "machine",
  "reason",
  "user_agent",
  "ip",
  "link",
  "url",
  "language",
  "since_sent",
  "mark",
  "revokes",
  "revoked_marks",
  "device_type",
  "brand",
  "model",
  "os",
  "os_version",
  "browser",
  "browser_version",
  "mail_client",
  "support",
] as const;

/** What an event that is no hit says of one. */
export const NO_HIT = "\t0\t\t\t\t-1\t\t\t-1\t0\t[]\t[]\t\t\t\t\t\t\t\t\t";

/**
 * What stands in {@link HIT_COLUMNS}, and whether a machine made the hit.
 * @param at when it came, ms UTC
 * @param recorded when the log took it, ms UTC
 */
export function hitCells(
  event: HitEvent,
  { at, recorded }: { at: number; recorded: number },
  window: HitWindow,
): { text: string; isMachine: boolean } {
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
  const copy = copyOf(event.message ?? "", event.rcpt ?? -1);
  const { actor, reason, revokes } = window.judge(copy, hit, recorded);
  const isMachine = MACHINES.has(actor);
  const raw = `${escape(hit.userAgent)}\t${escape(hit.ip)}\t${hit.link ?? -1}\t` +
    `${escape(click?.url ?? "")}\t${languageOf(hit.hints["accept-language"] ?? "")}\t` +
    `${hit.sinceSent ?? -1}\t${markOf(hit)}`;
  const revoked = revokes.length === 0
    ? "[]\t[]"
    : `[${revokes.map(({ id }) => `'${id}'`).join(",")}]\t[${revokes.map(markOf).join(",")}]`;
  const client = clientCells(clientOf(hit.userAgent, hit.hints));
  const text = `${actor}\t${isMachine ? 1 : 0}\t${reason}\t${raw}\t${revoked}\t${client}`;
  return { text, isMachine };
}

/** What {@link HitWindow} knows a copy by. */
export function copyOf(message: string, rcpt: number): string {
  return `${message} ${rcpt}`;
}

const written = new WeakMap<Client, string>();

/** Clients are shared by many hits, and so is what is written of them. */
function clientCells(client: Client): string {
  let text = written.get(client);
  if (text === undefined) {
    const { deviceType, brand, model, os, osVersion, browser, browserVersion } = client;
    const { mailClient, support } = client;
    text = [deviceType, brand, model, os, osVersion, browser, browserVersion, mailClient, support]
      .map(escape).join("\t");
    written.set(client, text);
  }
  return text;
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
