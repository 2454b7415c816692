/**
 * Shipped rules over well-known replies; the first that matches counts, so those of a provider come
 * before the general ones. Each says where its reply and its time come from. Replies about one
 * recipient (unknown, full, receiving too fast) and greylisting are no matter of pace: none matches.
 */
import type { ShapingRule } from "./automation.ts";
import { EUROPEAN_RULES } from "./automation_europe_data.ts";
import { HOUR, MINUTE } from "./time.ts";

interface SourcedRule extends ShapingRule {
  readonly source: string;
}

const suspend = { kind: "suspend", scope: "address" } as const;
const few = { replies: 3, withinMs: 10 * MINUTE };

const GOOGLE: readonly SourcedRule[] = [
  {
    name: "google-unusual-rate",
    providers: ["google"],
    match: { enhanced: ["4.7.28", "5.7.28"] },
    trigger: few,
    action: { kind: "slow", perMinute: 20 },
    forMs: HOUR,
    source: "https://support.google.com/mail/?p=UnsolicitedRateLimitError",
  },
  {
    name: "google-low-reputation",
    providers: ["google"],
    match: {
      text: /unusual rate of unsolicited|very low reputation of the sending (?:ip|domain)/i,
    },
    trigger: few,
    action: { kind: "slow", perMinute: 20 },
    forMs: HOUR,
    source: "https://support.google.com/a/answer/3726730",
  },
  {
    name: "google-try-later",
    providers: ["google"],
    match: { codes: [421], enhanced: ["4.7.0"] },
    trigger: { replies: 5, withinMs: 10 * MINUTE },
    action: suspend,
    forMs: 30 * MINUTE,
    source: "https://support.google.com/a/answer/3726730",
  },
];

const YAHOO: readonly SourcedRule[] = [
  {
    name: "yahoo-permanently-deferred",
    providers: ["yahoo"],
    match: { text: /\[TSS?(?:0[379]|11)\]|permanently deferred/i },
    trigger: { replies: 1, withinMs: MINUTE },
    action: suspend,
    forMs: 24 * HOUR,
    source: "https://senders.yahooinc.com/smtp-error-codes (retrying will not succeed)",
  },
  {
    name: "yahoo-tss04",
    providers: ["yahoo"],
    match: { text: /\[TSS?0\d\]|temporarily deferred due to/i },
    trigger: { replies: 3, withinMs: 5 * MINUTE },
    action: suspend,
    forMs: 2 * HOUR,
    source: "https://senders.yahooinc.com/smtp-error-codes; KumoMTA's shaping data: two hours",
  },
  {
    name: "yahoo-block-list",
    providers: ["yahoo"],
    match: { text: /\[BL\d\d\]/ },
    trigger: { replies: 1, withinMs: MINUTE },
    action: suspend,
    forMs: 24 * HOUR,
    source: "https://senders.yahooinc.com/smtp-error-codes",
  },
  {
    name: "yahoo-resources",
    providers: ["yahoo"],
    match: { codes: [421, 451], text: /resources temporarily (?:not available|unavailable)/i },
    trigger: { replies: 5, withinMs: 10 * MINUTE },
    action: { kind: "connections", most: 2 },
    forMs: 30 * MINUTE,
    source: "https://senders.yahooinc.com/smtp-error-codes",
  },
];

const MICROSOFT: readonly SourcedRule[] = [
  {
    name: "outlook-block-list",
    providers: ["microsoft"],
    match: { text: /\bA?S3(?:140|150)\b|part of their network is on our block list/i },
    trigger: { replies: 2, withinMs: 10 * MINUTE },
    action: suspend,
    forMs: 12 * HOUR,
    source: "https://sendersupport.olc.protection.outlook.com/pm/troubleshooting",
  },
  {
    name: "microsoft-banned",
    providers: ["microsoft"],
    match: { text: /access denied, banned sending ip/i },
    trigger: { replies: 2, withinMs: 10 * MINUTE },
    action: suspend,
    forMs: 24 * HOUR,
    source:
      "https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online (5.7.606 to 5.7.649)",
  },
  {
    name: "outlook-connections",
    providers: ["microsoft"],
    match: {
      text: /\bS3115\b|4\.7\.652|exceeded the maximum number of connections|\bRP-00[23]\b/i,
    },
    trigger: { replies: 2, withinMs: 10 * MINUTE },
    action: { kind: "connections", most: 2 },
    forMs: HOUR,
    source: "https://sendersupport.olc.protection.outlook.com/pm/troubleshooting",
  },
  {
    name: "outlook-rate",
    providers: ["microsoft"],
    match: { text: /rate limited due to ip reputation|\bS(?:775|3114)\b|\bRP-001\b/i },
    trigger: { replies: 2, withinMs: 10 * MINUTE },
    action: { kind: "slow", perMinute: 5 },
    forMs: 2 * HOUR,
    source:
      "https://sendersupport.olc.protection.outlook.com/pm/troubleshooting; KumoMTA's shaping data",
  },
  {
    name: "microsoft-busy",
    providers: ["microsoft"],
    match: { codes: [421, 451], text: /server busy|agent busy/i },
    trigger: { replies: 5, withinMs: 10 * MINUTE },
    action: { kind: "slow", perMinute: 20 },
    forMs: 30 * MINUTE,
    source: "https://wordtothewise.com/2017/10/troubleshooting-and-codes (AS843)",
  },
];

const APPLE: readonly SourcedRule[] = [
  {
    name: "apple-local-policy",
    providers: ["apple"],
    match: { codes: [550, 554], text: /\[(?:CS|HM|HME|HT)\d+\].*local policy/i },
    trigger: { replies: 20, withinMs: 10 * MINUTE },
    action: suspend,
    forMs: HOUR,
    source: "https://smtp.codes/icloud; https://support.apple.com/en-us/102322",
  },
  {
    name: "apple-busy",
    providers: ["apple"],
    match: { codes: [421, 451], text: /service unavailable|excessive volume/i },
    trigger: { replies: 10, withinMs: 10 * MINUTE },
    action: { kind: "connections", most: 2 },
    forMs: 30 * MINUTE,
    source: "https://smtp.codes/icloud",
  },
];

const GATEWAYS: readonly SourcedRule[] = [
  {
    name: "proofpoint-blocked",
    providers: null,
    match: { text: /ipcheck\.proofpoint\.com|proofpoint\.com\/dnsbl-lookup/i },
    trigger: { replies: 2, withinMs: 10 * MINUTE },
    action: suspend,
    forMs: 6 * HOUR,
    source: "https://ipcheck.proofpoint.com/",
  },
  {
    name: "mimecast-busy",
    providers: ["mimecast"],
    match: { codes: [421], text: /unable to process connection/i },
    trigger: { replies: 5, withinMs: 10 * MINUTE },
    action: { kind: "connections", most: 2 },
    forMs: 30 * MINUTE,
    source: "https://mimecastsupport.zendesk.com/hc/en-us/articles/34000709564691",
  },
  {
    name: "comcast-rate",
    providers: null,
    match: { text: /\bRL0000\d\d\b/ },
    trigger: { replies: 2, withinMs: HOUR },
    action: { kind: "slow", perMinute: 60 },
    forMs: 2 * HOUR,
    source: "https://spa.xfinity.com/postmaster; KumoMTA's shaping data: two hours",
  },
];

const GENERAL: readonly SourcedRule[] = [
  {
    name: "too-many-connections",
    providers: null,
    match: {
      codes: [421, 450, 451, 452, 454, 550, 554],
      text:
        /too many (?:concurrent |simultaneous |smtp |open )*(?:connections|sessions)|(?:connection|session|concurrency) (?:rate )?limit|maximum (?:number of )?(?:concurrent )?connections|trop de connexions/i,
    },
    trigger: { replies: 2, withinMs: 5 * MINUTE },
    action: { kind: "connections", most: 2 },
    forMs: 30 * MINUTE,
    source: "Postfix, Exim, Symantec and others in the wild",
  },
  {
    name: "too-fast",
    providers: null,
    match: {
      codes: [421, 450, 451, 452],
      text:
        /(?<!user is )(?:too many messages|sending too (?:fast|quickly)|slow down|throttl|(?:submission|message|mail) rate|new or untrusted ip|rate.?limit)/i,
    },
    trigger: few,
    action: { kind: "slow", perMinute: 30 },
    forMs: 30 * MINUTE,
    source: "https://smtp.codes/rackspace, Broadcom, Mailprotector and others in the wild",
  },
  {
    name: "on-a-block-list",
    providers: null,
    match: {
      text:
        /blocked using \S+|(?:listed|blocked)[^.]{0,40}(?:spamhaus|barracuda|spamcop|sorbs|abusix|senderscore|cloudmark)/i,
    },
    trigger: { replies: 5, withinMs: 30 * MINUTE },
    action: suspend,
    forMs: HOUR,
    source: "Postfix' reject_rbl_client and others in the wild",
  },
  {
    name: "burst-of-421",
    providers: null,
    match: { codes: [421] },
    trigger: { replies: 20, withinMs: 5 * MINUTE },
    action: suspend,
    forMs: 10 * MINUTE,
    source: "RFC 5321 §3.8: the server shuts the channel",
  },
];

export const SHAPING_RULES: readonly SourcedRule[] = [
  ...GOOGLE,
  ...YAHOO,
  ...MICROSOFT,
  ...APPLE,
  ...EUROPEAN_RULES,
  ...GATEWAYS,
  ...GENERAL,
];
