/** An SMTP client (RFC 5321): sessions over connections, several transactions each. */
export { type Endpoint, type Manner, openSession } from "./connect.ts";
export { SmtpConnectionError, SmtpProtocolError, SmtpRefusedError, SmtpTlsError } from "./error.ts";
export type { Mail, Session, TlsDetails, Transmission } from "./session.ts";
export { TIMEOUTS, type Timeouts } from "./timeouts.ts";
