/** The options header `X-EFIDEM-HEADERS`: JSON, folded, possibly in encoded words (seed). */
import { type MessageReferences, MessageReferencesSchema } from "../events/mod.ts";
import * as z from "zod";
import { decodeWords } from "./header/words.ts";

const flag = z.boolean().nullable().default(null);
const Options = MessageReferencesSchema.extend({ trackOpen: flag, trackClicks: flag });

export type OptionsResult =
  | {
    ok: true;
    references: MessageReferences;
    /** Null where the sender did not say: the account's settings count. */
    tracking: { opens: boolean | null; clicks: boolean | null };
  }
  | { ok: false; problem: string };

/** Reads the unfolded values of the options fields of one message; none is as good as `{}`. */
export function parseOptions(values: readonly string[]): OptionsResult {
  if (values.length > 1) return { ok: false, problem: "there are several options headers" };
  const json = parseJson(decodeWords(values[0] ?? "{}"));
  if (json === undefined) return { ok: false, problem: "the options header is not JSON" };
  const parsed = Options.safeParse(json);
  if (!parsed.success) return { ok: false, problem: describe(parsed.error.issues[0]!) };
  const { trackOpen, trackClicks, ...references } = parsed.data;
  return { ok: true, references, tracking: { opens: trackOpen, clicks: trackClicks } };
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
    return `the options header has an unknown key ${name(issue.keys[0])}`;
  }
  if (issue.path.length === 0) return "the options header is not a JSON object";
  return `the options header has a wrong value for ${name(issue.path[0])}`;
}
