/** Rules over the replies of French and German providers: a part of `automation_data.ts`. */
import type { ShapingRule } from "./automation.ts";
import { HOUR, MINUTE } from "./time.ts";

const suspend = { kind: "suspend", scope: "address" } as const;
const once = { replies: 1, withinMs: MINUTE };
const ORANGE = "https://www.postmastery.com/orange-postmaster-smtp-error-codes-ofr/";
const LAPOSTE = "https://www.postmastery.com/laposte-net-postmaster-smtp-error-codes-lpn/";
const SFR = "https://bentonow.com/smtp-errors/sfr";
const FREE = "http://postmaster.free.fr/";
const GMX = "https://postmaster.gmx.net/en/error-messages";

export const EUROPEAN_RULES: readonly (ShapingRule & { readonly source: string })[] = [
  {
    name: "orange-suspended",
    providers: ["orange"],
    match: { text: /\bOFR_?999\b/i },
    trigger: once,
    action: suspend,
    forMs: 2 * HOUR,
    source: "https://bentonow.com/smtp-errors/orange/ofr-999 (two hours)",
  },
  {
    name: "orange-blocked",
    providers: ["orange"],
    match: { text: /\bOFR\d{3}_102\b|adresse ip source bloquee/i },
    trigger: once,
    action: suspend,
    forMs: 24 * HOUR,
    source: ORANGE,
  },
  {
    name: "orange-connections",
    providers: ["orange"],
    match: { text: /\bOFR\d{0,3}_104\b|trop de connexions/i },
    trigger: { replies: 2, withinMs: 10 * MINUTE },
    action: { kind: "connections", most: 1 },
    forMs: HOUR,
    source: ORANGE,
  },
  {
    name: "orange-refused",
    providers: ["orange"],
    match: { codes: [421, 450, 451], text: /\bOFR\d{0,3}_\d{3}\b|service refuse/i },
    trigger: { replies: 3, withinMs: 10 * MINUTE },
    action: suspend,
    forMs: 30 * MINUTE,
    source: "https://bentonow.com/smtp-errors/orange/ofr004-105 (15 to 30 minutes)",
  },
  {
    name: "orange-spam",
    providers: ["orange"],
    match: { text: /\bOFR\d{0,3}_506\b/i },
    trigger: { replies: 10, withinMs: 10 * MINUTE },
    action: { kind: "slow", perMinute: 30 },
    forMs: HOUR,
    source: ORANGE,
  },
  {
    name: "laposte-connections",
    providers: ["laposte"],
    match: { text: /\bLPN\d{0,3}_104\b/i },
    trigger: { replies: 2, withinMs: 10 * MINUTE },
    action: { kind: "connections", most: 1 },
    forMs: HOUR,
    source: LAPOSTE,
  },
  {
    name: "laposte-refused",
    providers: ["laposte"],
    match: { codes: [421, 450, 451], text: /\bLPN\d{0,3}_(?:10[589]|42[34]|50[0-9]|510)\b/i },
    trigger: { replies: 3, withinMs: 10 * MINUTE },
    action: suspend,
    forMs: HOUR,
    source: LAPOSTE,
  },
  {
    name: "sfr-blocked",
    providers: ["sfr"],
    match: { text: /\bSFR_IN_\d{3}\b/i },
    trigger: once,
    action: suspend,
    forMs: 2 * HOUR,
    source: `${SFR} (each block lasts two hours)`,
  },
  {
    name: "sfr-errors",
    providers: ["sfr"],
    match: { codes: [421], text: /too many errors/i },
    trigger: { replies: 2, withinMs: 10 * MINUTE },
    action: suspend,
    forMs: 2 * HOUR,
    source: SFR,
  },
  {
    name: "free-blocked",
    providers: ["free"],
    match: { codes: [421, 451, 550, 554], text: /too many (?:spams?|errors?) from your ip/i },
    trigger: once,
    action: suspend,
    forMs: 4 * HOUR,
    source: `${FREE} (24 hours at the most, shorter by what was done)`,
  },
  {
    name: "free-spam",
    providers: ["free"],
    match: { codes: [550, 554], text: /spam detected/i },
    trigger: { replies: 10, withinMs: 10 * MINUTE },
    action: { kind: "slow", perMinute: 30 },
    forMs: HOUR,
    source: FREE,
  },
  {
    name: "gmx-rate",
    providers: ["gmx"],
    match: { codes: [421, 450], text: /short period of time|policy restrictions|try again later/i },
    trigger: { replies: 2, withinMs: 10 * MINUTE },
    action: { kind: "slow", perMinute: 5 },
    forMs: 2 * HOUR,
    source: `${GMX} (a few hours)`,
  },
  {
    name: "gmx-block-list",
    providers: ["gmx"],
    match: { codes: [550, 554], text: /ip address is black ?listed|bad dns ptr|dialup|\bRBL\b/i },
    trigger: { replies: 3, withinMs: 10 * MINUTE },
    action: suspend,
    forMs: 12 * HOUR,
    source: GMX,
  },
];
