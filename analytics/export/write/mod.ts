/** The formats, by name. Each is loaded where it is written: one brings a large library along. */
import type { Format, MakeWriter } from "./writer.ts";

export const WRITERS: Readonly<Record<Format, () => Promise<MakeWriter>>> = {
  csv: async () => (await import("./csv.ts")).csv,
  jsonl: async () => (await import("./jsonl.ts")).jsonl,
  xls: async () => (await import("./xls.ts")).xls,
  xlsx: async () => (await import("./xlsx.ts")).xlsx,
};
