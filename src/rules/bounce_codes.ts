/**
 * What the codes of replies mean: RFC 3463 and the IANA registry "SMTP Enhanced Status Codes"
 * (RFC 5248), with RFC 7372 (authentication), RFC 7504 and RFC 7505 (no mail here). Codes that
 * Google and Microsoft made up beyond the registry: support.google.com/a/answer/3726730 and
 * learn.microsoft.com, "Email non-delivery reports in Exchange Online".
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
  // Microsoft: the recipient, or the sender, had too much within the hour.
  "5.2.121": "rate",
  "5.2.122": "rate",
  "X.3.1": "connection",
  "X.3.2": "connection",
  "X.3.3": "protocol",
  "X.3.4": "message-too-large",
  "X.3.5": "connection",
  "X.4.3": "dns",
  "X.4.4": "dns",
  // Congestion is the server's own (4); Gmail says 5.4.5 where a sender had too much in a day.
  "4.4.5": "connection",
  "5.4.5": "rate",
  "X.4.6": "other",
  "X.4.7": "connection",
  // Microsoft: the domain is not in the DNS, or its servers cannot be asked.
  "X.4.310": "dns",
  "X.4.312": "dns",
  "X.5.3": "rate",
  "X.7.5": "authentication",
  "X.7.7": "authentication",
  "X.7.8": "authentication",
  "X.7.9": "authentication",
  // TLS is asked for.
  "X.7.10": "authentication",
  "X.7.11": "authentication",
  "X.7.20": "authentication",
  "X.7.21": "authentication",
  "X.7.22": "authentication",
  "X.7.23": "authentication",
  "X.7.24": "authentication",
  "X.7.25": "authentication",
  "X.7.26": "authentication",
  // Google: SPF, DKIM, TLS, DMARC. The registry has another meaning for the first.
  "X.7.27": "authentication",
  "X.7.28": "rate",
  "X.7.29": "authentication",
  "X.7.30": "authentication",
  "X.7.32": "authentication",
  "X.7.40": "authentication",
  // Microsoft: too much from an address whose reputation is low.
  "4.7.500": "rate",
  "4.7.650": "rate",
  "4.7.651": "rate",
  "5.7.501": "spam",
  "5.7.509": "authentication",
  "5.7.515": "authentication",
  "5.7.700": "rate",
  "5.7.705": "rate",
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
