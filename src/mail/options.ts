/** The sender's options `X-EFIDEM-HEADERS` (seed): JSON in a header field or as a file. */
import {
  AttachmentsModeSchema,
  MessageReferencesSchema,
  TrackingModeSchema,
  UnsubscribeModeSchema,
} from "../events/mod.ts";
import type {
  AttachmentsMode,
  MessageReferences,
  TrackingMode,
  UnsubscribeMode,
} from "../events/mod.ts";
import * as z from "zod";
import { decodeWords } from "./header/words.ts";

const flag = z.boolean().nullable().default(null);
/** The options as JSON; what is missing is null. */
export const MessageOptions = MessageReferencesSchema.extend({
  trackOpen: flag,
  trackClicks: flag,
  privacy: TrackingModeSchema.nullable().default(null),
  listUnsubscribe: UnsubscribeModeSchema.nullable().default(null),
  attachments: AttachmentsModeSchema.nullable().default(null),
});

/** What a value must be, as the sender is told; other keys hold texts. */
const EXPECTED: Readonly<Record<string, string>> = {
  trackOpen: "true, false or null",
  trackClicks: "true, false or null",
  privacy: oneOf(TrackingModeSchema.options),
  listUnsubscribe: oneOf(UnsubscribeModeSchema.options),
  attachments: oneOf(AttachmentsModeSchema.options),
};
const TEXT = "a text of at most 256 characters, or null";

export type OptionsResult =
  | {
    ok: true;
    references: MessageReferences;
    /** Null where the sender did not say: the account's settings count. */
    tracking: { mode: TrackingMode | null; opens: boolean | null; clicks: boolean | null };
    listUnsubscribe: UnsubscribeMode | null;
    attachments: AttachmentsMode | null;
  }
  | { ok: false; problem: string };

/**
 * Reads the options of one message; none are as good as `{}`.
 *
 * @param fields unfolded values of the options fields
 * @param files texts of the options files
 */
export function parseOptions(
  fields: readonly string[],
  files: readonly string[] = [],
): OptionsResult {
  if (fields.length > 0 && files.length > 0) {
    return bad("the options stand both in a header and in a file of the message");
  }
  if (fields.length > 1) return bad("there are several options headers");
  if (files.length > 1) return bad("there are several options files");
  const json = parseJson(files[0]?.replace(/^\ufeff/, "") ?? decodeWords(fields[0] ?? "{}"));
  if (json === undefined) return bad("the options are not JSON");
  const parsed = MessageOptions.safeParse(json);
  if (!parsed.success) return bad(describe(parsed.error.issues[0]!));
  const { trackOpen, trackClicks, privacy, listUnsubscribe, attachments, ...references } =
    parsed.data;
  const tracking = { mode: privacy, opens: trackOpen, clicks: trackClicks };
  return { ok: true, references, tracking, listUnsubscribe, attachments };
}

function bad(problem: string): OptionsResult {
  return { ok: false, problem };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** At most a line's worth: the text goes into an SMTP reply. */
function describe(issue: z.core.$ZodIssue): string {
  const name = (key: PropertyKey | undefined) =>
    `"${String(key).slice(0, 60).replace(/[^\x20-\x7e]/g, "?")}"`;
  if (issue.code === "unrecognized_keys") {
    return `the options have an unknown key ${name(issue.keys[0])}`;
  }
  const [key] = issue.path;
  if (key === undefined) return "the options are not a JSON object";
  return `the options have a wrong value for ${name(key)}: expected ${
    EXPECTED[String(key)] ?? TEXT
  }`;
}

function oneOf(values: readonly string[]): string {
  return `${values.map((value) => `"${value}"`).join(", ")} or null`;
}
