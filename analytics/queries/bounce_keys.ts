/** By what bounces are counted. */
import { type RawBuilder, sql } from "kysely";
import type { BounceKey } from "./analyses.ts";
import { statusRange } from "./delivery.ts";

/** Of the last attempt of a copy `d`, SQL. A reply stands without what differs from one recipient to the next. */
export const BOUNCE_SQL: Readonly<Record<BounceKey, string>> = {
  class: "d.class",
  provider: "d.provider",
  reply: `if(d.reply = '', '', trim(concat(
    toString(JSONExtractUInt(d.reply, 'code')), ' ',
    replaceRegexpAll(replaceRegexpAll(JSONExtractString(d.reply, 'text'),
      '[^\\\\s<>"]+@[^\\\\s<>",;:]+', '…'), '[0-9A-Za-z_=+/-]*[0-9][0-9A-Za-z_=+/-]{9,}', '…'))))`,
  code: "if(d.reply = '', '', toString(JSONExtractUInt(d.reply, 'code')))",
  enhanced: "JSONExtractString(d.reply, 'enhanced')",
  domain: "d.domain",
  pool: "d.pool",
  address: "d.address",
  campaign: "d.campaign",
};

/** True of each copy `d` whose reply, by {@link BOUNCE_SQL}, is this text, and of some others. */
export function hasReply(text: string): RawBuilder<boolean> {
  // As it stands in JSON: without the code before it, what was left out, and letters that JSON escapes.
  const pieces = text.replace(/^\d+ /, "").split(/[…"\\\p{Cc}\p{Cs}]/u);
  const longest = pieces.reduce((a, b) => b.length > a.length ? b : a);
  return sql`position(d.reply, ${longest}) > 0`;
}

/** Those that days are counted by together: of one day there are few combinations. */
export const BOUNCE_PARTS = [
  "class",
  "provider",
  "reply",
  "code",
  "enhanced",
] as const satisfies readonly BounceKey[];

const [SOFT, HARD] = [statusRange("soft_bounced"), statusRange("cancelled")];

/** Of a copy `d` in error, or refused or given up for good. */
export const IS_BOUNCED = `d.status_key BETWEEN ${Math.min(SOFT[0], HARD[0])} AND ${
  Math.max(SOFT[1], HARD[1])
}`;
