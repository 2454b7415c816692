/** Structured log: one JSON object a line on standard output. Never message contents or secrets. */

export type Fields = Record<string, string | number | boolean | null | undefined>;

export interface Logger {
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
  /** A logger that adds `fields` to every line. */
  with(fields: Fields): Logger;
}

/** `write` takes one line without its end. */
export function createLogger(
  write: (line: string) => void,
  now: () => number,
  base: Fields = {},
): Logger {
  const at = (level: string) => (event: string, fields: Fields = {}) =>
    write(
      JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...base, ...fields }),
    );
  return {
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => createLogger(write, now, { ...base, ...fields }),
  };
}

/** For tests and tools: keeps quiet. */
export const SILENT: Logger = createLogger(() => {}, () => 0);

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
