/** Writes CSV (RFC 4180) that spreadsheets only show. */

/**
 * What a spreadsheet would take for a formula begins with an apostrophe, which it hides: a cell that
 * strangers wrote must not run there (OWASP, "CSV Injection").
 */
function cell(value: string | null): string {
  const text = value ?? "";
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One record with its end. */
export const csvLine = (cells: readonly (string | null)[]): string =>
  `${cells.map(cell).join(",")}\r\n`;
