/** Replies as servers gave them, addresses and names changed: what each must be taken for. */
import assert from "node:assert/strict";
import type { BounceClass } from "../events/mod.ts";
import { classify } from "./bounce.ts";

const REPLIES: Record<string, readonly [reply: string, as: BounceClass, kind: "hard" | "soft"][]> =
  {
    Gmail: [
      [
        "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos or unnecessary spaces.",
        "unknown-user",
        "hard",
      ],
      ["550 5.2.1 The email account that you tried to reach is inactive.", "unknown-user", "hard"],
      ["550 5.2.1 The email account that you tried to reach is disabled.", "unknown-user", "hard"],
      [
        "452 4.2.2 The email account that you tried to reach is over quota.",
        "mailbox-full",
        "soft",
      ],
      [
        "552 5.2.2 The email account that you tried to reach is over quota and inactive.",
        "mailbox-full",
        "soft",
      ],
      [
        "450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.",
        "rate",
        "soft",
      ],
      [
        "552 5.2.3 Your message exceeded Google's message size limits.",
        "message-too-large",
        "hard",
      ],
      [
        "421 4.7.28 Gmail has detected an unusual rate of email originating from your IP address.",
        "rate",
        "soft",
      ],
      ["421 4.7.0 Try again later, closing connection.", "connection", "soft"],
      ["421 4.4.5 Server busy, try again later.", "connection", "soft"],
      [
        "421 4.7.0 This message does not have authentication information or fails to pass authentication checks (SPF or DKIM).",
        "authentication",
        "soft",
      ],
      [
        "421 4.7.29 Your email has been rate limited because this message is not sent over a TLS connection.",
        "rate",
        "soft",
      ],
      [
        "550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate with either SPF or DKIM.",
        "authentication",
        "hard",
      ],
      [
        "550 5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy.",
        "authentication",
        "hard",
      ],
      [
        "550 5.7.25 The IP address sending this message does not have a PTR record setup",
        "authentication",
        "hard",
      ],
      [
        "550 5.7.1 Our system has detected that this message is likely suspicious due to the very low reputation of the sending domain.",
        "spam",
        "hard",
      ],
      [
        "552 5.7.0 This message was blocked because its content presents a potential security issue.",
        "policy",
        "hard",
      ],
      ["550 5.7.1 Email quota exceeded.", "rate", "soft"],
      ["550 5.4.5 Daily user sending limit exceeded.", "rate", "soft"],
      [
        "550 5.7.1 The user or domain that you are sending to (or from) has a policy that prohibited the mail that you sent.",
        "policy",
        "hard",
      ],
    ],
    "Microsoft 365 and Outlook.com": [
      [
        "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).",
        "spam",
        "hard",
      ],
      [
        "550 5.7.1 Service unavailable, Client host [192.0.2.1] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/192.0.2.1 (AS16012611)",
        "spam",
        "hard",
      ],
      ["550 5.7.606 Access denied, banned sending IP [192.0.2.1].", "spam", "hard"],
      ["550 5.7.511 Access denied, banned sender[192.0.2.1].", "spam", "hard"],
      [
        "550 5.4.1 Recipient address rejected: Access denied. [AM5EUR02FT004.eop-EUR02.prod.protection.outlook.com]",
        "unknown-user",
        "hard",
      ],
      [
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
        "unknown-user",
        "hard",
      ],
      ["550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found", "unknown-user", "hard"],
      [
        "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
        "unknown-user",
        "hard",
      ],
      [
        "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded",
        "mailbox-full",
        "soft",
      ],
      ["452 4.2.2 mailbox full", "mailbox-full", "soft"],
      [
        "550 5.2.122 The recipient has exceeded their limit for the number of messages they can receive per hour.",
        "rate",
        "soft",
      ],
      ["432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", "rate", "soft"],
      [
        "451 4.7.500 Server busy. Please try again later from [192.0.2.1]. (AS77712344)",
        "rate",
        "soft",
      ],
      [
        "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.",
        "rate",
        "soft",
      ],
      [
        "421 4.3.2 The maximum number of concurrent connections per source has exceeded a limit, closing transmission channel",
        "connection",
        "soft",
      ],
      ["452 4.5.3 Too many recipients", "rate", "soft"],
      ["452 4.3.1 Insufficient system resources", "connection", "soft"],
      [
        "550 5.7.515 Access denied, sending domain example.com doesn't meet the required authentication level.",
        "authentication",
        "hard",
      ],
      [
        "550 5.7.509 Access denied, sending domain example.com does not pass DMARC verification and has a DMARC policy of reject.",
        "authentication",
        "hard",
      ],
      [
        "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed",
        "policy",
        "hard",
      ],
      ["550 5.7.64 TenantAttribution; Relay Access Denied", "policy", "hard"],
      ["550 5.4.310 DNS domain b.example does not exist", "dns", "hard"],
      [
        "550 5.4.316 Message expired, connection refused(Socket error code 10061)",
        "connection",
        "soft",
      ],
      ["550 5.7.1 Service unavailable. The message was identified as spam", "spam", "hard"],
    ],
    "Yahoo and AOL": [
      [
        "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1",
        "rate",
        "soft",
      ],
      [
        "451 4.3.2 [GL01] Message from (192.0.2.1) temporarily deferred - 4.16.50",
        "greylisting",
        "soft",
      ],
      ["421 Max message per connection reached, closing transmission channel", "rate", "soft"],
      [
        "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list",
        "spam",
        "hard",
      ],
      ["554 5.7.9 Message not accepted for policy reasons.", "policy", "hard"],
      ["552 1 Requested mail action aborted, mailbox not found", "unknown-user", "hard"],
      [
        "554 delivery error: dd Sorry your message to a@yahoo.com cannot be delivered. This account has been disabled or discontinued [#102].",
        "unknown-user",
        "hard",
      ],
      [
        "554 30 Sorry, your message to a@yahoo.fr cannot be delivered. This mailbox is disabled (554.30).",
        "unknown-user",
        "hard",
      ],
      ["450 User is receiving mail too quickly", "rate", "soft"],
      ["451 Resources temporarily unavailable. Please try again later [#4.16.1].", "other", "soft"],
    ],
    iCloud: [
      ["550 5.1.1 <a@icloud.com>: user does not exist", "unknown-user", "hard"],
      ["550 5.1.6 unknown or illegal alias: a@mac.com", "unknown-user", "hard"],
      ["552 5.2.2 <a@icloud.com>: user is over quota", "mailbox-full", "soft"],
      ["550 5.7.1 [CS01] Message rejected due to local policy.", "policy", "hard"],
    ],
    "Orange and La Poste": [
      [
        "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
        "unknown-user",
        "hard",
      ],
      [
        "552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]",
        "mailbox-full",
        "soft",
      ],
      ["550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]", "spam", "hard"],
      [
        "421 smtp.orange.fr Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR004_105 [105]",
        "rate",
        "soft",
      ],
      [
        "550 5.5.0 Boite du destinataire archivee. Archived recipient. LPN007_420",
        "unknown-user",
        "hard",
      ],
      ["501 5.1.0 Emetteur invalide. Invalid Sender. LPN105_405", "policy", "hard"],
    ],
    "Free and SFR": [
      [
        "550 5.2.1 This mailbox has been blocked due to inactivity (UserSearch)",
        "unknown-user",
        "hard",
      ],
      [
        "550 5.1.1 <a@free.fr>: Recipient address rejected: User unknown in relay recipient table",
        "unknown-user",
        "hard",
      ],
      ["421 Too many messages from 192.0.2.1, slow down", "rate", "soft"],
      [
        "451 too many errors from your ip (192.0.2.1), please visit http://postmaster.free.fr/",
        "rate",
        "soft",
      ],
      ["550 spam detected", "spam", "hard"],
      ["450 4.7.1 Service refuse. SFR_IN_103", "rate", "soft"],
    ],
    "GMX and Web.de": [
      [
        "554 mxgmx016 Nemesis ESMTP Service not available No SMTP service Bad DNS PTR resource record.",
        "authentication",
        "hard",
      ],
      [
        "554 IP address is block listed. For explanation visit https://postmaster.gmx.net/en/case?c=r0201",
        "spam",
        "hard",
      ],
      ["550 Requested action not taken: mailbox unavailable", "unknown-user", "hard"],
      [
        "552 Requested mail action aborted: exceeded storage allocation. Quota exceeded. Mailbox size limit reached.",
        "mailbox-full",
        "soft",
      ],
      [
        "450 Requested mail action not taken: mailbox unavailable. Greylisted, please try again in a few minutes",
        "greylisting",
        "soft",
      ],
      [
        "550 Reject due to SPF policy. The originating IP of the message is not permitted by the domain owner",
        "authentication",
        "hard",
      ],
      ["554 Transaction failed. Reject due to policy restrictions.", "policy", "hard"],
      ["421 Service not available. Too many connections", "rate", "soft"],
    ],
    "Proofpoint and Mimecast": [
      ["554 5.7.1 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", "spam", "hard"],
      ["550 5.7.0 Local Policy Violation", "policy", "hard"],
      ["450 4.7.1 Error: too much mail from 192.0.2.1", "rate", "soft"],
      [
        "451 Internal resources are temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451",
        "greylisting",
        "soft",
      ],
      ["550 Administrative prohibition - envelope blocked", "policy", "hard"],
      [
        "550 Rejected by header based Anti-Spoofing policy: a@example.com",
        "authentication",
        "hard",
      ],
      ["554 Email rejected due to security policies", "policy", "hard"],
      [
        "550 csi.mimecast.org Poor Reputation Sender. - https://community.mimecast.com/docs/DOC-1369#550",
        "spam",
        "hard",
      ],
      ["554 Maximum email size exceeded", "message-too-large", "hard"],
      ["550 Invalid Recipient", "unknown-user", "hard"],
    ],
    "Postfix, Exim, qmail, Domino": [
      [
        "450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/",
        "greylisting",
        "soft",
      ],
      ["451 4.7.1 Please try again in 300 seconds", "greylisting", "soft"],
      ["450 4.1.8 <a@example.com>: Sender address rejected: Domain not found", "policy", "soft"],
      ["550 5.1.8 <a@example.com>: Sender address rejected: Domain not found", "policy", "hard"],
      ["550 5.7.1 <mta.example.com>: Helo command rejected: Host not found", "policy", "hard"],
      [
        "550 Verification failed for <a@example.com> No Such User Here Sender verify failed",
        "policy",
        "hard",
      ],
      ["450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]", "policy", "soft"],
      [
        "550 5.7.1 Client host rejected: cannot find your reverse hostname",
        "authentication",
        "hard",
      ],
      ["550 5.1.2 <a@b.example>: Recipient address rejected: Domain not found", "dns", "hard"],
      [
        "450 4.1.1 <a@b.example>: Recipient address rejected: unverified address: connect to store: Connection refused",
        "connection",
        "soft",
      ],
      ["550 Unrouteable address", "unknown-user", "hard"],
      ["550 5.1.1 User a@b.example not listed in Domino Directory", "unknown-user", "hard"],
      ["550 sorry, no mailbox here by that name (#5.1.1 - chkuser)", "unknown-user", "hard"],
      [
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        "policy",
        "hard",
      ],
      ["530 5.7.0 Must issue a STARTTLS command first", "authentication", "hard"],
      ["554 5.7.1 <a@b.example>: Relay access denied", "policy", "hard"],
      ["552 5.3.4 Message size exceeds fixed limit", "message-too-large", "hard"],
      ["421 4.4.2 mx.example.net Error: timeout exceeded", "connection", "soft"],
      ["556 5.1.10 Recipient address has null MX", "dns", "hard"],
      ["450 4.2.1 Mailbox temporarily disabled: a@aol.com", "other", "soft"],
      ["550 5.1.1 Adresse inconnue. Cette adresse n'existe pas", "unknown-user", "hard"],
    ],
  };

Deno.test("there are more than eighty of them", () => {
  assert(Object.values(REPLIES).flat().length >= 80);
});

for (const [provider, replies] of Object.entries(REPLIES)) {
  Deno.test(`replies of ${provider}`, () => {
    for (const [reply, as, kind] of replies) {
      const [, code, enhanced, text] = /^(\d{3}) (?:([245]\.\d+\.\d+) )?(.*)$/.exec(reply)!;
      const verdict = classify({ code: Number(code), enhanced: enhanced ?? null, text: text! });
      assert.deepEqual([reply, verdict.class, verdict.kind], [reply, as, kind]);
      assert.equal(verdict.permanent, code!.startsWith("5"));
    }
  });
}

Deno.test("what only we are to blame for is never the address's fault", () => {
  const ours = Object.values(REPLIES).flat().filter(([, as]) =>
    ["policy", "spam", "rate", "authentication", "connection", "greylisting"].includes(as)
  );
  for (const [reply] of ours) {
    const [, code, enhanced, text] = /^(\d{3}) (?:([245]\.\d+\.\d+) )?(.*)$/.exec(reply)!;
    const { class: as, kind } = classify({
      code: Number(code),
      enhanced: enhanced ?? null,
      text: text!,
    });
    assert(!(kind === "hard" && (as === "unknown-user" || as === "dns")), reply);
  }
});
