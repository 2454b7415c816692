/** Why a DNS question has no answer. */

/** A message or name that breaks RFC 1035. */
export class DnsFormatError extends Error {
  override name = "DnsFormatError";
}

/** No server gave an answer one can rely on (time-out, SERVFAIL, REFUSED…): ask again later. */
export class DnsUnavailableError extends Error {
  override name = "DnsUnavailableError";
}
