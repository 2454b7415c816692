/**
 * Hits as lines of events (events/written), from the bytes of their requests. What an event looks
 * like `hitEvent` alone says: each form of it is written out once, with marks where hits differ from
 * each other, and filled in for each hit.
 */
import { lineOf } from "@chappe/src/events";
import {
  type Claims,
  HINTS,
  hitEvent,
  hostOf,
  MAX_AGENT,
  MAX_HINT,
  timeSinceSent,
  UNTOLD,
} from "../../hit.ts";
import { AGENT, type Fields, FIRST_HINT } from "./fields.ts";
import type { JsonWriter } from "./json_writer.ts";
import { bytesOf } from "./letters.ts";

/** What is known of a hit. */
export interface Hit {
  claims: HitClaims;
  id: string;
  /** ms UTC. */
  at: number;
  /** Of its request. */
  fields: Fields;
  /** Client's address, cut. */
  ip: string;
}

type HitClaims = Claims<"open" | "click">;
type Mark = keyof typeof TEXTS | keyof typeof NUMBERS;

const TEXTS = {
  account: "@account@",
  message: "@message@",
  id: "@id@",
  userAgent: "@userAgent@",
  hints: "@hints@",
  ip: "@ip@",
  url: "@url@",
};
/** Fractions, which no event has. */
const NUMBERS = { rcpt: 0.125, at: 0.5, sinceSent: 0.25, link: 0.75 };

/** Longer than any line: a target has at most 8 KB, fields are cut, a letter takes six bytes at most. */
export const LONGEST = 64 * 1024;
const [NULL, BEGIN, NEXT, END] = [bytesOf("null"), bytesOf("{"), bytesOf(","), bytesOf("}")];
/** Names of hints, with what follows them. */
const NAMES = HINTS.map((name) => bytesOf(`${JSON.stringify(name)}:`));
/** Numbers of what is made of fields (fields.ts). */
const [OF_AGENT, OF_HINTS] = [0, 1];
const REFERER = HINTS.indexOf("referer");

/** Writes what stands where a mark is. */
type Fill = (line: JsonWriter, hit: Hit) => void;
const FILLS: Record<Mark, Fill> = {
  account: (line, { claims }) => line.text(claims.account),
  message: (line, { claims }) => line.text(claims.message),
  rcpt: (line, { claims }) => line.number(claims.rcpt),
  id: (line, { id }) => line.text(id),
  at: (line, { at }) => line.number(at),
  userAgent: (line, { fields }) => once(line, fields, OF_AGENT, agent),
  hints: (line, { fields }) => once(line, fields, OF_HINTS, hints),
  ip: (line, { ip }) => line.text(ip),
  sinceSent(line, { claims, at }) {
    const since = timeSinceSent(claims, at);
    if (since === null) line.raw(NULL);
    else line.number(since);
  },
  link(line, { claims }) {
    if (claims.kind === "click") line.number(claims.link);
  },
  url(line, { claims }) {
    if (claims.kind === "click") line.text(claims.url);
  },
};

/** What all hits of a kind and mode have in common, and what is written between. */
const forms = {
  open: { "full": formOf("open", "full"), "date-only": formOf("open", "date-only") },
  click: { "full": formOf("click", "full"), "date-only": formOf("click", "date-only") },
};

/** Writes what follows a line's start. */
export function writeHit(line: JsonWriter, hit: Hit): void {
  const parts = forms[hit.claims.kind][hit.claims.mode];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (typeof part === "function") part(line, hit);
    else line.raw(part);
  }
}

function formOf(kind: HitClaims["kind"], mode: HitClaims["mode"]): (Uint8Array | Fill)[] {
  const { account, message, id, userAgent, hints, ip, url } = TEXTS;
  const { rcpt, at, sinceSent, link } = NUMBERS;
  const copy = { account, message, rcpt, tag: 0n, mode, prepared: at - sinceSent, mailing: null };
  const claims = kind === "open" ? { ...copy, kind } : { ...copy, kind, link, url };
  const told = mode === "full" ? { userAgent, hints: { [hints]: "" }, ip } : UNTOLD;
  return lineOf(hitEvent(claims, { id, at }, told))
    .split(/(\{"@hints@":""\}|"@\w+@"|0\.\d+)/)
    .map((piece, place) => place % 2 === 0 ? bytesOf(piece) : FILLS[markOf(piece)]);
}

function markOf(piece: string): Mark {
  const marks = Object.entries({ ...TEXTS, ...NUMBERS });
  return marks.find(([, mark]) => piece.includes(String(mark)))![0] as Mark;
}

function hints(line: JsonWriter, fields: Fields): void {
  let before = BEGIN;
  for (let hint = 0; hint < HINTS.length; hint++) {
    const field = FIRST_HINT + hint;
    if (!fields.has(field)) continue;
    const host = hint === REFERER ? hostOf(fields.text(field)!) : null;
    if (host === "") continue;
    line.raw(before);
    line.raw(NAMES[hint]!);
    if (host === null) value(line, fields, field, MAX_HINT);
    else line.text(host);
    before = NEXT;
  }
  if (before === BEGIN) line.raw(BEGIN);
  line.raw(END);
}

/** What is made of fields that come again and again is written once, and then copied. */
function once(line: JsonWriter, fields: Fields, number: number, write: typeof agent): void {
  const made = fields.made[number];
  if (made) return line.raw(made);
  const start = line.length;
  write(line, fields);
  if (fields.isKept) fields.made[number] = line.since(start);
}

function agent(line: JsonWriter, fields: Fields): void {
  value(line, fields, AGENT, MAX_AGENT);
}

/** A field's value, cut; empty where there is no such field. */
function value(line: JsonWriter, fields: Fields, field: number, most: number): void {
  const start = fields.start(field);
  line.ascii(
    fields.bytes,
    start,
    fields.has(field) ? Math.min(fields.end(field), start + most) : start,
  );
}
