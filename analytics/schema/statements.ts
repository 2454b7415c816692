/** Splits an SQL script into its statements, since ClickHouse takes one at a time. */

/** Quoted texts ('…', "…", `…`, with backslash and doubled-quote escapes) and comments, as a whole. */
const TOKEN =
  /'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*"|`(?:[^`\\]|\\[^]|``)*`|--[^\n]*|\/\*[^]*?\*\/|;|[^]/g;

/** Statements in order, trimmed, without their comments and semicolons; empty ones left out. */
export function statements(script: string): string[] {
  const found: string[] = [];
  let current = "";
  for (const [token] of script.matchAll(TOKEN)) {
    if (token === ";") {
      found.push(current);
      current = "";
    } else if (token.startsWith("--") || token.startsWith("/*")) current += " ";
    else current += token;
  }
  return [...found, current].map((s) => s.trim()).filter((s) => s !== "");
}
