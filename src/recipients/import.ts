/** Suppressions from a CSV file, of any length, in bounded memory. */
import { type NewEvent, type SuppressionReason, SuppressionReasonSchema } from "../events/mod.ts";
import { recipientTag } from "../rules/mod.ts";
import { RefusedError } from "../settings/mod.ts";
import { readCsv } from "./csv.ts";
import { addSuppression, type SuppressionEntry } from "./decisions.ts";
import { TagTable } from "./tag_table.ts";

export interface ImportOptions {
  account: string;
  /** Name of the file: the source of its suppressions. */
  source: string;
  /** As in the envelope: `user:<e-mail>`, `api-key:<key>`, `operator`. */
  by: string;
  /** Makes events durable. What it throws ends the import; importing again is harmless. */
  append: (events: readonly NewEvent[]) => Promise<unknown>;
  /** ms UTC. */
  now: () => number;
  /** Called after each append. */
  onProgress?: (report: ImportReport) => void;
}

export interface ImportReport {
  /** Addresses now on the list because of this file. */
  added: number;
  /** Lines with an address that stood in the file before. */
  duplicates: number;
  /** Lines that were left out. */
  refused: number;
  /** The first hundred of those, and why. */
  errors: { line: number; error: string }[];
}

/** Events of one append. */
const TOGETHER = 500;
const MOST_ERRORS = 100;
const LONGEST_NOTE = 500;

/** Names of columns, as exports of others have them. */
const COLUMNS = {
  recipient: /^(recipient|e-?mail|e-?mail ?address|address|adresse|destinataire|courriel)$/i,
  reason: /^(reason|type|motif|raison)$/i,
  note: /^(note|comment|commentaire|description)$/i,
};

/** Where in a line what stands; -1: nowhere. */
interface Layout {
  recipient: number;
  reason: number;
  note: number;
}
const NO_HEADER: Layout = { recipient: 0, reason: 1, note: 2 };

/**
 * Adds the addresses of a CSV file to an account's list. Columns `recipient` (or `email`), `reason`
 * and `note`, found by a header line, or in this order where there is none. A reason that is none of
 * ours becomes `import`, and its words the note. Lines that say nothing useful are reported and left
 * out; the others are added all the same.
 */
export async function importSuppressions(
  bytes: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportReport> {
  const { account, source, by, append, now, onProgress } = options;
  const report: ImportReport = { added: 0, duplicates: 0, refused: 0, errors: [] };
  const seen = new TagTable();
  const secret = crypto.getRandomValues(new Uint8Array(32));
  let batch: NewEvent[] = [];
  let layout: Layout | null = null;

  function refuse(line: number, error: string): void {
    report.refused++;
    if (report.errors.length < MOST_ERRORS) report.errors.push({ line, error });
  }

  function take(line: number, entry: SuppressionEntry): void {
    try {
      const event = addSuppression({ account, by, at: now() }, entry);
      const tag = recipientTag(secret, account, event.recipient!);
      if (seen.get(tag) !== 0) report.duplicates++;
      else batch.push(event);
      seen.set(tag, 1);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      refuse(line, error.message);
    }
  }

  async function write(): Promise<void> {
    if (batch.length === 0) return;
    await append(batch);
    report.added += batch.length;
    batch = [];
    onProgress?.({ ...report, errors: [...report.errors] });
  }

  for await (const { line, fields, error } of readCsv(bytes)) {
    if (fields === null) {
      refuse(line, error);
      continue;
    }
    if (layout === null) {
      const named = layoutOf(fields);
      layout = named ?? NO_HEADER;
      if (named !== null) continue;
    }
    const recipient = fields[layout.recipient] ?? "";
    if (recipient === "") refuse(line, "no address");
    else if (recipient.includes("\ufffd")) refuse(line, "not in UTF-8");
    else take(line, { recipient, source, ...why(fields[layout.reason], fields[layout.note]) });
    if (batch.length === TOGETHER) await write();
  }
  await write();
  return report;
}

/** Null when the line names no column of addresses: then it is no header. */
function layoutOf(fields: readonly string[]): Layout | null {
  const place = (name: RegExp) => fields.findIndex((field) => name.test(field));
  const recipient = place(COLUMNS.recipient);
  if (recipient < 0) return null;
  return { recipient, reason: place(COLUMNS.reason), note: place(COLUMNS.note) };
}

function why(reason = "", note = ""): { reason: SuppressionReason; note?: string } {
  const known = SuppressionReasonSchema.safeParse(reason.toLowerCase());
  const words = known.success ? note : [reason, note].filter(Boolean).join(": ");
  return {
    reason: known.success ? known.data : "import",
    ...words === "" ? {} : { note: words.slice(0, LONGEST_NOTE).toWellFormed() },
  };
}
