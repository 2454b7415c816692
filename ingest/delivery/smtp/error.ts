/** What goes wrong between us and a server before it has answered. */

/** The server broke RFC 5321: what it sent is no reply. */
export class SmtpProtocolError extends Error {
  override name = "SmtpProtocolError";
}

/** The connection was not had, was lost, or fell silent. */
export class SmtpConnectionError extends Error {
  override name = "SmtpConnectionError";
}

/** STARTTLS was offered and taken, but the handshake failed. */
export class SmtpTlsError extends Error {
  override name = "SmtpTlsError";
}

/** The server answered the greeting, EHLO or HELO with a refusal. */
export class SmtpRefusedError extends Error {
  override name = "SmtpRefusedError";
  constructor(readonly reply: { code: number; enhanced: string | null; text: string }) {
    super(`${reply.code} ${reply.text}`);
  }
}
