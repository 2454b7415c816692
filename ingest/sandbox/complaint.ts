/** A feedback report as large providers send it (ARF, RFC 5965). */

/** @param at when the mail was taken, ms UTC */
export function feedbackReport(
  { mailFrom, recipient, at, raw }: {
    mailFrom: string;
    recipient: string;
    at: number;
    raw: Uint8Array;
  },
): Uint8Array {
  const boundary = "=_chappe_sandbox_report";
  const head = [
    "From: <feedback@sandbox.invalid>",
    `To: <${mailFrom}>`,
    "Subject: FW: reported as spam",
    `Date: ${new Date(at).toUTCString().replace("GMT", "+0000")}`,
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=feedback-report; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=us-ascii",
    "",
    `${recipient} reported this mail as spam.`,
    "",
    `--${boundary}`,
    "Content-Type: message/feedback-report",
    "",
    "Feedback-Type: abuse",
    "User-Agent: Chappe-Sandbox/1",
    "Version: 1",
    `Original-Mail-From: <${mailFrom}>`,
    `Original-Rcpt-To: <${recipient}>`,
    `Arrival-Date: ${new Date(at).toUTCString().replace("GMT", "+0000")}`,
    "",
    `--${boundary}`,
    "Content-Type: message/rfc822",
    "",
    "",
  ].join("\r\n");
  const text = new TextEncoder();
  return Buffer.concat([text.encode(head), raw, text.encode(`\r\n--${boundary}--\r\n`)]);
}
