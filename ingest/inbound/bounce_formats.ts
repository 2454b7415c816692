/**
 * Notifications of failure that are no RFC 3464 report, one row a format: how each is known, and
 * where in it the reason begins. Words of programs as their sources or manuals have them; patterns
 * are tried on sender, subject and the text up to the copy of the original message.
 */

export interface Format {
  readonly name: string;
  /** What tells the format apart: in sender, subject, and text. */
  readonly marks: RegExp;
  /** The reason stands behind this, up to an empty line; without it, anywhere behind the marks. */
  readonly reason?: RegExp;
  readonly source: string;
}

export const FORMATS: readonly Format[] = [
  {
    name: "qmail",
    marks: /^Hi\. This is the /m,
    reason: /^<[^<>\n]{3,320}>:[ \t]*\n/m,
    source: "cr.yp.to/proto/qsbmf.txt",
  },
  {
    name: "exim",
    marks: /This message was created automatically by mail delivery software/,
    reason: /^[ \t"<]{1,8}[^\s@<>"]+@[^\s<>":]+[>":]*(?: \([^)\n]*\))?[ \t]*:?[ \t]*\n/m,
    source: "Exim specification §49 and GMX, which word it so; X-Failed-Recipients",
  },
  {
    name: "messagelabs",
    marks: /This is the mail delivery agent at messagelabs\.com/,
    reason: /^\s*Reason:\s*/m,
    source: "Symantec Email Security.cloud",
  },
  {
    name: "cisco",
    marks: /^The following message to <[^<>\n]+> was undeliverable/m,
    reason: /reason for the problem:\s*\n/,
    source: "Cisco Secure Email (IronPort) bounce profiles",
  },
  {
    name: "dovecot",
    marks: /was automatically rejected:/,
    reason: /was automatically rejected:[ \t]*\n?/,
    source: "Dovecot, deliver_log and sieve reject",
  },
  {
    name: "sun-messaging",
    marks: /This report relates to a message you sent with the following header fields/,
    reason: /^[ \t]*(?:Diagnostic code|Reason):[ \t]*/m,
    source: "Oracle Communications Messaging Server, return_*.txt; iCloud before 2014",
  },
  {
    name: "sendmail",
    marks: /-----\s*The following addresses had permanent fatal errors\s*-----/,
    reason: /^<<< (?=[45]\d\d)|\(reason: |^[45]\d\d (?=[45]\.)/m,
    source: "sendmail savemail.c",
  },
  {
    name: "sendmail-5",
    marks: /-----\s*Transcript of session follows\s*-----/,
    reason: /^<<< (?=[45]\d\d)|^(?=[45]\d\d )/m,
    source: "sendmail before 8.6",
  },
  {
    name: "postfix",
    marks: /This is the (?:\S+ )?(?:Postfix|mail system)(?: program)? at host/,
    reason: /^<[^<>\n]{3,320}>[^\n:]{0,100}: /m,
    source: "Postfix bounce(5), read where the report's machine part was lost",
  },
  {
    name: "exchange",
    marks:
      /did not reach some or all of the intended recipients|Delivery has failed to these recipients|Your message (?:to .{1,320} )?couldn't be delivered|(?:n'a pas été remis|n'est pas parvenu) à (?:tout ou partie|certains|aucun)|(?:remise a échoué|Échec de la remise) (?:pour|à) (?:ces|ce)|Impossible de remettre votre message|hat einige oder alle Empfänger nicht erreicht|Fehler bei der Nachrichtenzustellung|Nachricht (?:an .{1,320} )?konnte nicht (?:zugestellt|an die folgenden)/,
    source: "learn.microsoft.com, Non-delivery reports in Exchange Server; hMailServer words it so",
  },
  {
    name: "domino",
    marks:
      /DELIVERY FAILURE:|was not delivered to:\s*\n|n'a pas été distribué à\s*:|wurde nicht zugestellt an:/,
    reason:
      /^\s*(?:because|car|pour la raison suivante|wegen|weil)\s*:[ \t]*\n?|DELIVERY FAILURE:\s*/m,
    source: "HCL Domino, delivery failure reports",
  },
  {
    name: "groupwise",
    marks: /The message that you sent was undeliverable to the following/,
    reason: /undeliverable to the following:?[ \t]*\n/,
    source: "GroupWise Internet Agent",
  },
  {
    name: "yahoo",
    marks:
      /unable to deliver your message to the following address|Message from\s+yahoo\.\S+\s+Unable to deliver/,
    reason: /^<?[^<>\s@]+@[^<>\s]+>?:[ \t]*\n/m,
    source: "Yahoo, AOL",
  },
  {
    name: "aol",
    marks: /Your mail to the following recipients could not be delivered because/,
    reason: /could not be delivered because/,
    source: "AOL, mail it would not take",
  },
  {
    name: "gmail",
    marks:
      /Delivery to the following recipients? failed permanently|\*\* (?:Address not found|Message (?:not delivered|blocked)|Recipient inbox full|Domain not found) \*\*/,
    source: "Gmail, failures; old and new form",
  },
  {
    name: "imail",
    marks:
      /^(?:undeliverable to |unknown (?:user|host): |user mailbox exceeds |invalid final delivery userid)/im,
    reason: /^(?=undeliverable to |unknown (?:user|host): |user mailbox exceeds |invalid final)/im,
    source: "IMail smtp32",
  },
  {
    name: "orange",
    marks:
      /@\S*(?:orange|wanadoo)\.fr\b[^]*(?:n'a (?:pas )?pu [êe]tre (?:remis|d[ée]livr[ée]|distribu[ée])|could not be delivered)/i,
    source: "Orange, outgoing and inner servers",
  },
  {
    name: "free",
    marks:
      /@\S*(?:free|proxad)\.(?:fr|net)\b[^]*(?:n'a (?:pas )?pu [êe]tre (?:remis|d[ée]livr[ée]|distribu[ée])|could not be delivered)/i,
    source: "Free (proxad)",
  },
  {
    name: "laposte",
    marks:
      /@\S*laposte\.net\b[^]*(?:n'a (?:pas )?pu [êe]tre (?:remis|d[ée]livr[ée]|distribu[ée])|could not be delivered)/i,
    source: "laposte.net",
  },
  {
    name: "sfr",
    marks:
      /@\S*(?:sfr|neuf|cegetel|9online)\.(?:fr|net)\b[^]*(?:n'a (?:pas )?pu [êe]tre (?:remis|d[ée]livr[ée]|distribu[ée])|could not be delivered)/i,
    source: "SFR",
  },
];

/**
 * What else a server may call its failures; counts only where the text holds a reply of 5yz, and
 * nothing says that a program answered for a person.
 */
export const OTHER: Format = {
  name: "other",
  marks:
    /undeliver(?:able|ed)|(?:delivery|mail) (?:has )?fail(?:ed|ure)|failure notice|returned mail|non remis|échec de (?:la )?remise|unzustellbar|nicht zustellbar|could not be delivered|mail system error/i,
  source: "subjects that servers of many makes use",
};

/** Notices that mean no failure yet, whatever else stands in them. */
export const DELAYED =
  /will (?:be )?(?:retr(?:y|ied)|keep trying|continue to try)|continue trying|has not (?:yet )?been delivered|has been delayed|\bdelayed\b.{0,40}\b(?:mail|message|delivery)|(?:mail|message|delivery)\b.{0,40}\bdelay(?:ed)?\b|warning: (?:message|could not send)|THIS IS A WARNING|do not need to resend|not need to be resent|transient non-fatal|Delivery incomplete|retardée?\b|remise différée|verz(?:ö|oe)gert/i;

/** Where the copy of the message that came back begins. */
export const COPY =
  /^(?:-{2,}[^\n]{0,20}(?:Below this line is a copy|This is a copy of|Original message|Message d'origine|Unsent message|Returned message|Message headers? follow)|(?:original|The) (?:message|mail) (?:headers?|follows)|Diagnostic information for administrators.{0,10}\n\n.*\nOriginal|Original message headers:|En-têtes de message d'origine|Ursprüngliche Nachrichtenk)/im;
