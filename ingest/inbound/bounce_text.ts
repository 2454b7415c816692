/** Failures told in words only: notifications of servers that do not follow RFC 3464. */
import type { Bounced } from "@chappe/src/events";
import { isAutomatic, isFromServer } from "./automatic.ts";
import { COPY, DELAYED, type Format, FORMATS, OTHER } from "./bounce_formats.ts";
import { bounced } from "./failure.ts";
import { oneLine } from "./fields.ts";
import type { Incoming } from "./incoming.ts";

/** A reason is a few lines. */
const MAX_REASON = 800;

/** A reply (RFC 5321 §4.2.3) in running text, with or without an enhanced code behind it. */
const REPLY =
  /(?:^|[\s:;,'"#(<])(4[2-57]\d|5(?:0[0-5]|[1-57]\d))[ :-](?:[ '"#]{0,2}([45]\.\d{1,3}\.\d{1,3})\b[ :-]*)?([^]*)/;
const ENHANCED = /(?:^|[\s#(:])([45]\.\d{1,3}\.\d{1,3})(?![.\d])/;

/** Of the message that came back, which may hold any number. */
const SUBJECT_LINE = /^[ \t]*(?:Subject|Objet|Betreff)[ \t]*:.*$/gim;

/** What the message reports as failed for good, or null when that is nothing. Never throws. */
export function failureInWords(incoming: Incoming): Bounced | null {
  if (!isFromServer(incoming)) return null;
  const { from, subject } = incoming;
  const copy = COPY.exec(incoming.text)?.index ?? incoming.text.length;
  const text = incoming.text.slice(0, copy).replace(SUBJECT_LINE, "");
  const all = `${from}\n${subject}\n\n${text}`;
  if (DELAYED.test(all)) return null;
  for (const format of FORMATS) {
    const found = format.marks.exec(all);
    if (found !== null) return told(format, reasonIn(all, format, found.index + found[0].length));
  }
  // Some programs send notes of absence with the null reverse-path, the original mail quoted below.
  if (isAutomatic(incoming) || !OTHER.marks.test(all)) return null;
  const reason = reasonIn(all, OTHER, 0);
  return REPLY.exec(reason)?.[1]?.startsWith("5") ? told(OTHER, reason) : null;
}

function reasonIn(all: string, { reason }: Format, behindMarks: number): string {
  const found = reason?.exec(all);
  if (!found) return all.slice(behindMarks, behindMarks + 4 * MAX_REASON);
  const start = found.index + found[0].length;
  const paragraph = all.slice(start, start + MAX_REASON).replace(/^\s+/, "");
  return paragraph.split(/\n[ \t]*\n/, 1)[0]!;
}

function told(format: Format, reason: string): Bounced {
  const reply = REPLY.exec(reason);
  const rest = (reply?.[3] ?? reason).split(/\n[ \t]*\n/, 1)[0]!.slice(0, MAX_REASON);
  const enhanced = reply?.[2] ?? ENHANCED.exec(reason)?.[1] ?? null;
  return bounced({
    rule: "failure-in-words",
    format: format.name,
    reply: reply === null ? null : { code: Number(reply[1]), text: rest },
    // A notice that tells no code is of a server that gave up all the same.
    enhanced: enhanced ?? (reply === null ? "5.0.0" : null),
    said: reply === null ? oneLine(reason, MAX_REASON) : "",
    mx: null,
    domain: "",
  });
}
