/** What a server offers in its answer to EHLO (RFC 5321 §4.1.1.1). */

export interface Extensions {
  /** RFC 2920. */
  readonly pipelining: boolean;
  /** RFC 6152. */
  readonly eightBitMime: boolean;
  /** RFC 6531. */
  readonly smtpUtf8: boolean;
  /** RFC 3207. */
  readonly startTls: boolean;
  /** RFC 1870: largest message in bytes; 0 when offered without a limit, null when not offered. */
  readonly size: number | null;
}

export const NO_EXTENSIONS: Extensions = {
  pipelining: false,
  eightBitMime: false,
  smtpUtf8: false,
  startTls: false,
  size: null,
};

/** @param lines of the 250 reply; the first is the server's name. */
export function readExtensions(lines: readonly string[]): Extensions {
  const offered = new Map(
    lines.slice(1).map((line) => {
      const [keyword, ...parameters] = line.trim().split(/\s+/);
      return [keyword!.toUpperCase(), parameters];
    }),
  );
  const size = offered.get("SIZE");
  return {
    pipelining: offered.has("PIPELINING"),
    eightBitMime: offered.has("8BITMIME"),
    smtpUtf8: offered.has("SMTPUTF8"),
    startTls: offered.has("STARTTLS"),
    size: size === undefined ? null : /^\d{1,15}$/.test(size[0] ?? "") ? Number(size[0]) : 0,
  };
}
