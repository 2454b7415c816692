/**
 * What the texts of replies mean, which is more exact than their codes. The first row that matches
 * decides: providers first, then what any server may say. Each row carries a reply as it was seen,
 * and where it stands or from which software it comes; the tests classify every one.
 *
 * Whoever is to blame comes before what for: a server that does not know *our* domain, or finds
 * *our* messages too many, uses the words of one that does not know its own user.
 */
import type { BounceClass } from "../events/mod.ts";

export interface TextRow {
  readonly text: RegExp;
  readonly class: BounceClass;
  readonly example: string;
  readonly source: string;
}

export const BY_TEXT: readonly TextRow[] = [
  // Orange, laposte.net and their hosts end each reply with a code; the last three digits carry the
  // meaning.
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_?41[68]\b/i,
    class: "unknown-user",
    example:
      "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
    source: "postmaster.orange.fr, codes OFR",
  },
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_?417\b/i,
    class: "mailbox-full",
    example: "552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417 [417]",
    source: "postmaster.orange.fr, codes OFR",
  },
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_?420\b/i,
    class: "unknown-user",
    example: "550 5.5.0 Boite du destinataire archivee. Archived recipient. LPN007_420",
    source: "postmaster.laposte.net, codes LPN",
  },
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_?40[35]\b/i,
    class: "policy",
    example: "501 5.1.0 Emetteur invalide. Invalid Sender. LPN105_405",
    source: "postmaster.laposte.net, codes LPN",
  },
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_?(?:515|517|519)\b/i,
    class: "authentication",
    example: "550 5.7.1 Refuse par la politique DMARC du domaine. LPN007_517",
    source: "postmaster.laposte.net, codes LPN",
  },
  {
    text: /\b(?:OFR|LPN)\d{3}_10[2-5]\b|\bOFR_999\b|\bLPN027_503\b/i,
    class: "rate",
    example:
      "421 Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR004_104 [104]",
    source: "postmaster.orange.fr, codes OFR",
  },
  {
    text: /\b(?:OFR|LPN)(?:\d{3})?_(?:101|108|109|506|510)\b/i,
    class: "spam",
    example:
      "550 5.7.1 Service refuse. Veuillez essayer plus tard. service refused, please try later. LPN007_510",
    source: "postmaster.laposte.net, codes LPN",
  },
  // SFR: the last two digits; each block lasts two hours.
  {
    text: /\bSFR_IN_\d0[125]\b/i,
    class: "spam",
    example: "450 4.7.1 Service refuse. SFR_IN_101",
    source: "sfr.fr, postmaster",
  },
  {
    text: /\bSFR_IN_\d0[34]\b/i,
    class: "rate",
    example: "450 4.7.1 Service refuse. SFR_IN_103",
    source: "sfr.fr, postmaster",
  },
  {
    text: /\[TSS?\d\d\]/,
    class: "rate",
    example:
      "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1",
    source: "senders.yahooinc.com/smtp-error-codes",
  },
  {
    text: /\[GL\d\d\]/,
    class: "greylisting",
    example: "451 4.3.2 [GL01] Message from (192.0.2.1) temporarily deferred - 4.16.50",
    source: "postmaster.yahooinc.com, error codes",
  },
  {
    text: /\[BL\d\d\]/,
    class: "spam",
    example:
      "553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in Spamhaus's list",
    source: "postmaster.yahooinc.com, error codes",
  },
  {
    text: /requested mail action aborted, mailbox not found|\bdd this user doesn't have/i,
    class: "unknown-user",
    example: "554 delivery error: dd This user doesn't have a yahoo.com account (a@yahoo.com) [0]",
    source: "senders.yahooinc.com/smtp-error-codes",
  },
  {
    text: /\bblock list \(S\d{4}\)|\bbanned (?:sending IP|sender)\b/i,
    class: "spam",
    example:
      "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).",
    source: "Outlook.com, sendersupport.olc.protection.outlook.com/pm/troubleshooting.aspx",
  },
  {
    text: /temporarily rate limited|\bRP-00[1-3]\b|\bserver busy\b.{0,40}\bagain later from\b/i,
    class: "rate",
    example:
      "451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.",
    source: "Outlook.com, sendersupport.olc.protection.outlook.com/pm/troubleshooting.aspx",
  },
  {
    text: /recipient address rejected: access denied|\bRESOLVER\.ADR\.\w*NotFound/i,
    class: "unknown-user",
    example: "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
    source: "learn.microsoft.com, Email non-delivery reports in Exchange Online",
  },
  {
    text: /\bRESOLVER\.RST\./i,
    class: "policy",
    example: "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required",
    source: "learn.microsoft.com, Email non-delivery reports in Exchange Online",
  },
  // The RFC's own words for 550; those for 450 begin "Requested mail action".
  {
    text: /requested action not taken: mailbox (?:unavailable|name not allowed)/i,
    class: "unknown-user",
    example: "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
    source: "RFC 5321 §4.2.2; Outlook.com, GMX",
  },
  {
    text: /receiving mail (?:too quickly|at a rate)|unusual rate of/i,
    class: "rate",
    example:
      "450 4.2.1 The user you are trying to contact is receiving mail too quickly. Please resend your message at a later time.",
    source: "support.google.com/a/answer/3726730",
  },
  {
    text: /likely (?:unsolicited mail|suspicious)|message looks like spam/i,
    class: "spam",
    example:
      "550 5.7.1 Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to Gmail, this message has been blocked.",
    source: "support.google.com/a/answer/3726730",
  },
  {
    text: /\[(?:CS|HM)\d\d\]/,
    class: "policy",
    example: "550 5.7.1 [CS01] Message rejected due to local policy.",
    source: "support.apple.com, Postmaster information for iCloud Mail",
  },
  {
    text: /internal resources? (?:are |is )?temporarily unavailable/i,
    class: "greylisting",
    example:
      "451 Internal resources are temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451",
    source: "mimecastsupport.zendesk.com, Mimecast SMTP error codes",
  },
  {
    text: /gr[ae]y-?list|(?:try|come back|retry)(?: again)? (?:in|after) \d+ (?:second|minute)/i,
    class: "greylisting",
    example:
      "450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/",
    source: "Postgrey, rspamd, Exim",
  },
  {
    text:
      /message (?:size|too (?:large|big))|(?:exceeds?|exceeded) (?:fixed |the |our )?max(?:imum)? (?:message |e-?mail )?size|max(?:imum)? (?:message|e-?mail) size/i,
    class: "message-too-large",
    example: "552 Message size exceeds fixed maximum message size",
    source: "RFC 1870; Postfix, Exim, Mimecast",
  },
  {
    text:
      /\brate[ -]?limit|\bthrottl|too (?:many|much) (?:connections|messages|sessions|recipients|e?-?mails?|concurrent|errors from)|\b(?:hourly|daily|sending|submission) (?:\w+ ){0,3}(?:limit|quota)|(?:limit|quota) (?:\w+ ){0,2}per (?:hour|day|minute)|per (?:hour|day|minute) (?:\w+ ){0,2}(?:limit|quota)|e-?mail quota exceeded|\bmax messages? per connection|volume limits? exceeded|recipient thread limit/i,
    class: "rate",
    example: "550 5.4.5 Daily user sending limit exceeded.",
    source: "Google, Yahoo, Free (postmaster.free.fr), Mimecast, Exchange",
  },
  {
    text:
      /over ?quota|quota ?(?:has been |est )?(?:exceeded|full|d[ée]pass[ée])|exceed(?:s|ed)? (?:its |the |their )?(?:storage |mailbox |disk )*(?:quota|allocation)|d[ée]pass[ée] (?:\S+ ){0,3}quota|mailbox size limit|(?:mailbox|inbox|bo[iî]te (?:aux lettres |de r[ée]ception )?) ?(?:is |est |du destinataire )?(?:full|pleine|satur[ée]e)|postfach (?:\S+ ){0,3}voll|out of storage space|not enough (?:storage )?space/i,
    class: "mailbox-full",
    example: "552 5.2.2 The recipient's inbox is out of storage space and inactive.",
    source: "RFC 5321 §4.2.2; Gmail, iCloud, GMX, Dovecot, Exchange",
  },
  {
    text:
      /\b(?:SPF|DKIM|DMARC)\b|unauthenticated (?:e-?mail|sender)|required authentication level|\bSTARTTLS\b|(?:TLS|encryption) (?:is )?required|requires? (?:TLS|encryption)|over a TLS connection|reverse (?:host ?name|DNS)|\brDNS\b|\bPTR\b|anti-?spoofing/i,
    class: "authentication",
    example:
      "550 5.7.1 Unauthenticated email from example.com is not accepted due to domain's DMARC policy.",
    source: "Google, Microsoft, GMX (postmaster.gmx.net), Mimecast, Postfix; RFC 3207",
  },
  {
    text:
      /\bspam(?:haus|cop|med)?\b|\bvirus\b|unsolicited|\bRBL\b|\bDNSBL\b|black ?list|block ?list|(?:poor|bad|low) (?:domain |sender )?reputation|\bblocked using\b|ipcheck\.proofpoint|phishing|malware/i,
    class: "spam",
    example:
      "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
    source: "Postfix reject_rbl_client, Proofpoint (ipcheck.proofpoint.com), GMX, Free, Cloudmark",
  },
  // About us, not about the recipient, in whatever words.
  {
    text:
      /\b(?:sender|helo|ehlo|client host|return[- ]path|mail ?from|envelope from)\b[^.;]{0,60}(?:reject|refus|denied|invalid|unknown|not found|not exist|not allowed|not valid|verif|fail)|\b(?:unknown|invalid|verify) sender\b/i,
    class: "policy",
    example: "450 4.1.8 <a@example.com>: Sender address rejected: Domain not found",
    source: "Postfix reject_unknown_sender_domain, Exim verify = sender",
  },
  {
    text:
      /(?:host|domain)(?: name| or domain name)? (?:not found|does not exist|doesn't exist|unknown)|no such (?:domain|host)|name service error|NXDOMAIN|unrouteable mail domain|(?:find|found) any host named|null MX|(?:domain|host|server)\b[^.;]{0,40} does not accept (?:any )?(?:e-?)?mail|no SMTP service|all relevant MX records|domaine? (?:inconnu|inexistant)/i,
    class: "dns",
    example: "550 5.1.2 <a@b.example>: Recipient address rejected: Domain not found",
    source: "Postfix reject_unknown_recipient_domain, Exim, qmail; RFC 7505",
  },
  {
    text:
      /(?:mailbox|account|user) (?:is |has been )?(?:temporarily|currently) (?:disabled|unavailable|suspended|locked)|temporarily (?:unable|rejected)/i,
    class: "other",
    example: "450 4.2.1 Mailbox temporarily disabled: a@aol.com",
    source: "AOL; Cyrus, Zimbra",
  },
  {
    text:
      /(?:user|recipient|mailbox|address|account|destinataire|adresse|utilisateur|empf[äa]nger)[^.;]{0,60}?(?:unknown|not found|does not exist|doesn't exist|no longer exists?|invalide?\b|inconnue?\b|n'existe (?:pas|plus)|inexistante?\b|existiert nicht|unbekannt|undeliverable|discontinued|deactivated|(?:is|been|account|mailbox) (?:disabled|closed|inactive|blocked due to inactivity))|(?:no such|unknown|invalid|unknown or illegal) (?:user|recipient|mailbox|address|alias|account|local|person)|no mailbox here|not a (?:known|valid) (?:user|mailbox|recipient)|unroute?able address|not listed in (?:the )?(?:domino|public|directory)|(?:no longer|not) (?:valid|in use|our customer)\b/i,
    class: "unknown-user",
    example: "550 <a@b.example>: Recipient address rejected: User unknown in virtual mailbox table",
    source: "Postfix, Exim, Exchange, Domino, Free, Yahoo, iCloud, German and French servers",
  },
  {
    text:
      /connection (?:timed out|refused|reset)|operation timed out|no route to host|network (?:is )?unreachable|retry time(?:out)? (?:not reached|exceeded)|wasn't able to establish an SMTP connection/i,
    class: "connection",
    example: "451 4.4.1 connect to mx.example.net[192.0.2.1]:25: Connection timed out",
    source: "Postfix, Exim, qmail",
  },
  {
    text:
      /relay(?:ing)? (?:access )?(?:denied|not permitted|not allowed|prohibited)|unable to relay|allowed rcpthosts|local policy|policy (?:restrictions|reasons|violation)|security polic(?:y|ies)|administrative prohibition/i,
    class: "policy",
    example: "554 5.7.1 <a@b.example>: Relay access denied",
    source: "Postfix, Exchange, GMX, Mimecast, Proofpoint",
  },
];
