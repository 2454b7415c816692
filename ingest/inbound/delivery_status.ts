/** Delivery status notifications (RFC 3464): what another server could not deliver in the end. */
import type { Bounced } from "@chappe/src/events";
import { bounced } from "./failure.ts";
import { type Fields, readGroups, typed } from "./fields.ts";

/** RFC 5321 §4.2 and RFC 3463, as `Diagnostic-Code: smtp; …` carries them. */
const DIAGNOSTIC = /^([245]\d\d)(?:[ -]+([245]\.\d{1,3}\.\d{1,3}))?[ -]*(.*)$/s;
const STATUS = /[245]\.\d{1,3}\.\d{1,3}/;
const HOST = /^[a-z0-9.-]{1,253}$/;

/**
 * The failure that a `message/delivery-status` part tells of, or null when it tells of none: delays
 * and successes are no news, the next notification or silence is. Each of our copies has one
 * recipient, so the first failure is the one.
 */
export function failureOf(text: string): Bounced | null {
  const groups = readGroups(text);
  const failed = groups.find(isFailure);
  return failed === undefined ? null : read(groups[0]!, failed);
}

function isFailure(group: Fields): boolean {
  const action = group.get("action")?.toLowerCase();
  if (action !== undefined) return /^failed\b/.test(action);
  return group.has("final-recipient") && /^5\./.test(group.get("status") ?? "");
}

function read(message: Fields, failed: Fields): Bounced {
  const said = typed(failed.get("diagnostic-code"));
  const parts = DIAGNOSTIC.exec(said);
  const status = STATUS.exec(failed.get("status") ?? "")?.[0] ?? null;
  return bounced({
    rule: "delivery-status-notification",
    reply: parts === null ? null : { code: Number(parts[1]), text: parts[3]! },
    enhanced: mostTelling(parts?.[2] ?? null, status),
    said,
    mx: hostOf(typed(failed.get("remote-mta"))) ?? hostOf(typed(message.get("reporting-mta"))),
    domain: domainOf(typed(failed.get("final-recipient"))),
  });
}

/** The server's own code, unless it only says "undefined" (`X.0.0`) and the other says more. */
function mostTelling(first: string | null, second: string | null): string | null {
  if (first === null || (second !== null && first.endsWith(".0.0"))) return second;
  return first;
}

function domainOf(address: string): string {
  return hostOf(address.slice(address.lastIndexOf("@") + 1)) ?? "";
}

function hostOf(text: string): string | null {
  const host = text.toLowerCase();
  return HOST.test(host) ? host : null;
}
