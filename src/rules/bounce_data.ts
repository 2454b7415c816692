/**
 * What replies mean: the checked tables behind `bounce.ts`.
 *
 * Enhanced codes: RFC 3463 and the IANA registry "SMTP Enhanced Status Codes" (RFC 5248), with
 * RFC 7372 (authentication), RFC 7504 and RFC 7505 (no mail here). Each text row carries a reply
 * that was seen in the wild or stands in the provider's own pages; the tests classify every one.
 */
import type { BounceClass } from "../events/mod.ts";

/** A full code wins over the same code with `X` for its first digit. */
export const BY_ENHANCED: Readonly<Record<string, BounceClass>> = {
  "X.1.1": "unknown-user",
  "X.1.2": "dns",
  "X.1.3": "unknown-user",
  "X.1.6": "unknown-user",
  "X.1.7": "policy",
  "X.1.8": "policy",
  "X.1.10": "dns",
  // Switched off for a while (4) is not the same as closed (5).
  "4.2.1": "other",
  "5.2.1": "unknown-user",
  "X.2.2": "mailbox-full",
  "X.2.3": "message-too-large",
  "X.3.2": "connection",
  "X.3.3": "protocol",
  "X.3.4": "message-too-large",
  "X.3.5": "connection",
  "X.4.3": "dns",
  "X.4.4": "dns",
  "X.4.5": "rate",
  "X.4.6": "other",
  "X.4.7": "other",
  "X.5.3": "rate",
  "X.7.5": "authentication",
  "X.7.7": "authentication",
  "X.7.8": "authentication",
  "X.7.9": "authentication",
  "X.7.20": "authentication",
  "X.7.21": "authentication",
  "X.7.22": "authentication",
  "X.7.23": "authentication",
  "X.7.24": "authentication",
  "X.7.25": "authentication",
  "X.7.26": "authentication",
  "X.7.28": "rate",
  "X.7.29": "authentication",
};

/** By the second number of an enhanced code that is not in the table (RFC 3463 §3.1). */
export const BY_SUBJECT: Readonly<Record<string, BounceClass>> = {
  "4": "connection",
  "5": "protocol",
  "6": "protocol",
  "7": "policy",
};

/** By reply code, when there is no enhanced one (RFC 5321 §4.2.3, RFC 4954, RFC 7504). */
export const BY_CODE: Readonly<Record<number, BounceClass>> = {
  421: "connection",
  500: "protocol",
  501: "protocol",
  502: "protocol",
  503: "protocol",
  504: "protocol",
  521: "dns",
  530: "authentication",
  535: "authentication",
  538: "authentication",
  551: "unknown-user",
  552: "mailbox-full",
  553: "unknown-user",
  555: "protocol",
  556: "dns",
};

/** What a text says, which is more exact than its codes. The first row that matches decides. */
export const BY_TEXT: readonly { text: RegExp; class: BounceClass; example: string }[] = [
  // Orange, laposte.net and their hosts end each reply with a code of their own; the last three
  // digits carry the meaning (postmaster pages of both, in French).
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_?41[68]\b/i,
    class: "unknown-user",
    example:
      "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
  },
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_?417\b/i,
    class: "mailbox-full",
    example: "552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]",
  },
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_?420\b/i,
    class: "unknown-user",
    example: "550 5.5.0 Boite du destinataire archivee. Archived recipient. LPN007_420",
  },
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_?(?:515|517|519)\b/i,
    class: "authentication",
    example: "550 5.7.1 Refuse par la politique DMARC du domaine. LPN007_517",
  },
  {
    text: /\b(?:OFR|LPN)\d{3}_10[45]\b|\bOFR_999\b|\bLPN027_503\b/i,
    class: "rate",
    example:
      "421 Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR004_104 [104]",
  },
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_(?:101|506|510)\b/i,
    class: "spam",
    example:
      "550 5.7.1 Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN007_510",
  },
  // SFR: the last two digits (sfr.fr postmaster page); each block lasts two hours.
  { text: /\bSFR_IN_\d0[125]\b/i, class: "spam", example: "450 4.7.1 Service refuse. SFR_IN_101" },
  { text: /\bSFR_IN_\d0[34]\b/i, class: "rate", example: "450 4.7.1 Service refuse. SFR_IN_103" },
  // Yahoo and AOL (senders.yahooinc.com/smtp-error-codes).
  {
    text: /\[TSS?\d\d\]/,
    class: "rate",
    example:
      "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1",
  },
  {
    text: /\bdd (?:requested mail action aborted, mailbox not found|this user doesn't have)/i,
    class: "unknown-user",
    example: "554 delivery error: dd This user doesn't have a yahoo.com account (a@yahoo.com) [0]",
  },
  // Outlook.com and Exchange Online (learn.microsoft.com, NDR codes).
  {
    text: /\bblock list \(S\d{4}\)|\bbanned sending IP\b/i,
    class: "spam",
    example:
      "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
  },
  {
    text: /\b4\.7\.650\b|temporarily rate limited|\bRP-00[1-3]\b/i,
    class: "rate",
    example:
      "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.",
  },
  {
    text: /recipient address rejected: access denied/i,
    class: "unknown-user",
    example: "550 5.4.1 Recipient address rejected: Access denied.",
  },
  // Gmail (support.google.com/a/answer/3726730).
  {
    text: /receiving mail (?:too quickly|at a rate)|unusual rate of unsolicited/i,
    class: "rate",
    example:
      "450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.",
  },
  {
    text: /likely unsolicited mail|message looks like spam/i,
    class: "spam",
    example:
      "550 5.7.1 Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked.",
  },
  // Free (postmaster.free.fr).
  {
    text: /too many errors from your ip|too many (?:connections|messages|sessions|mails?)\b/i,
    class: "rate",
    example: "421 Too many messages from 192.0.2.1, slow down",
  },
  {
    text: /mailbox (?:has been |is )?(?:blocked due to inactivity|inactive|disabled)/i,
    class: "unknown-user",
    example: "550 5.2.1 This mailbox has been blocked due to inactivity",
  },
  // Postfix, Exim, Postgrey, rspamd and others.
  {
    text: /gr[ae]y-?list/i,
    class: "greylisting",
    example:
      "450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/",
  },
  {
    text:
      /over ?quota|quota (?:has been )?exceeded|exceed(?:s|ed)? (?:its |the |their )?(?:storage |mailbox |disk )*(?:quota|allocation)|(?:mailbox|inbox|boite) (?:is |du destinataire )?(?:full|pleine)|out of storage space/i,
    class: "mailbox-full",
    example: "552 5.2.2 The recipient's inbox is out of storage space and inactive.",
  },
  {
    text: /message (?:size|too (?:large|big))|exceeds (?:fixed |the )?maximum (?:message )?size/i,
    class: "message-too-large",
    example: "552 Message size exceeds fixed maximum message size",
  },
  {
    text: /\b(?:SPF|DKIM|DMARC)\b|unauthenticated (?:e-?mail|sender)/i,
    class: "authentication",
    example:
      "550 5.7.1 Unauthenticated email from example.com is not accepted due to domain's DMARC policy.",
  },
  {
    text:
      /\bspam(?:haus|cop)?\b|\bvirus\b|unsolicited|\bRBL\b|\bDNSBL\b|black ?list|block ?list|poor reputation|bad reputation/i,
    class: "spam",
    example:
      "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
  },
  {
    text:
      /(?:user|recipient|mailbox|address|account|destinataire)[^.;]{0,60}?(?:unknown|not found|does not exist|doesn't exist|no longer exists?|invalide?\b|inconnu)|(?:no such|unknown|invalid) (?:user|recipient|mailbox|address|account|local)|no mailbox here|not a (?:known|valid) (?:user|mailbox|recipient)/i,
    class: "unknown-user",
    example: "550 <a@b.example>: Recipient address rejected: User unknown in virtual mailbox table",
  },
  {
    text: /relay(?:ing)? (?:access )?(?:denied|not permitted|not allowed)|unable to relay/i,
    class: "policy",
    example: "554 5.7.1 <a@b.example>: Relay access denied",
  },
];
