/**
 * Functions that reach for files of the engine's machine. A server shuts them into a folder of their own
 * (`user_files_path`, `format_schema_path`); the embedded engine does not, and knows no grant for
 * functions. So their names are not taken anywhere in a query, neither called nor handed over
 * (`APPLY(file)`), nor as the name of something else. Pure.
 */
import { namesIn } from "./names.ts";

const NAMES = ["file", "formatRow", "formatRowNoNewline", "catboostEvaluate", "showCertificate"];

/** The first of those names, in a statement as the engine's formatter writes it; null: none. */
export function hostFunctionIn(statement: string): string | null {
  for (const { name } of namesIn(statement)) {
    const found = NAMES.find((known) => known.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
  }
  return null;
}
