/**
 * Functions that reach for files of the engine's machine. A server shuts them into a folder of their own
 * (`user_files_path`, `format_schema_path`); the embedded engine does not, and knows no grant for
 * functions. So their names are not taken anywhere in a query, neither called nor handed over
 * (`APPLY(file)`), nor as the name of something else. Pure.
 */
const NAMES = ["file", "formatRow", "formatRowNoNewline", "catboostEvaluate", "showCertificate"];

/** Texts, and names in quotes: a text is passed over, so that it may hold any word. */
const TOKEN = /'(?:[^'\\]|\\[^]|'')*'|`(?:[^`\\]|\\[^]|``)*`|"(?:[^"\\]|\\[^]|"")*"|\w+/g;

/** The first of those names, in a statement as the engine's formatter writes it; null: none. */
export function hostFunctionIn(statement: string): string | null {
  for (const [token] of statement.matchAll(TOKEN)) {
    if (token.startsWith("'")) continue;
    const name = /^[`"]/.test(token) ? token.slice(1, -1) : token;
    const found = NAMES.find((known) => known.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
  }
  return null;
}
