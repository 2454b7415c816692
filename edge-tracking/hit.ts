/**
 * A hit on a tracking link as an event. Nothing is judged here: whether a person or a machine came
 * is decided from these raw facts later. Events are typed, not checked at run time: the lengths the
 * schema asks for are kept here, and the check would cost more than all the rest of a hit.
 */
import { CATALOGUE, derivedId, type NewEvent, type Unsubscribed } from "@chappe/src/events";
import { formatTag, type TokenClaims } from "@chappe/src/rules";
import { truncateAddress } from "./privacy.ts";

const OPENED = CATALOGUE["engagement.opened"].v;
const CLICKED = CATALOGUE["engagement.clicked"].v;
/** Letters kept, as the schema has it. */
export const MAX_AGENT = 1024;
export const MAX_HINT = 512;
const MAX_REFERER = 4096;
/**
 * The language, the User-Agent Client Hints that browsers send unasked (we ask for none), what the
 * page was that asked (Fetch Metadata), and what programs say that fetch ahead of the reader.
 */
const HEADERS = [
  "accept-language",
  "sec-ch-ua",
  "sec-ch-ua-mobile",
  "sec-ch-ua-platform",
  "sec-purpose",
  "purpose",
  "x-purpose",
  "x-moz",
  "sec-fetch-dest",
  "sec-fetch-mode",
  "sec-fetch-site",
  "sec-fetch-user",
] as const;
const KEPT: ReadonlySet<string> = new Set(HEADERS);
/** What may stand among a hit's hints. */
export const HINTS = [...HEADERS, "referer"] as const;

/** A request's header fields, names in lower case. */
export interface RequestHeaders {
  forEach(callback: (value: string, name: string) => void): void;
}

/** What a request told of who made it, as far as it may be kept. */
export interface Told {
  userAgent: string;
  hints: Record<string, string>;
  /** Cut. */
  ip: string;
}

/** Nothing of who made it. */
export const UNTOLD: Told = { userAgent: "", hints: {}, ip: "" };

/** When it was, and the event's id. */
export interface Moment {
  id: string;
  at: number;
}

/** What somebody chose on the page, or their mail program for them. */
export type ChoiceEvent = NewEvent<"feedback.unsubscribed" | "consent.withdrawn">;
export type HitEvent = NewEvent<"engagement.opened" | "engagement.clicked">;
export type Claims<K extends TokenClaims["kind"]> = TokenClaims & { kind: K };

/** A link whose hits are recorded; a file's may not be. */
export type Counted = Claims<"open" | "click"> | (Claims<"file"> & { link: number });

export function isCounted(claims: TokenClaims): claims is Counted {
  return claims.kind !== "unsubscribe" && (claims.kind !== "file" || claims.link !== null);
}

/**
 * `engagement.opened` or `engagement.clicked`. For a file its address in the fact is the same for all
 * who got it, unlike the one in their mail: `attachment:Price%20list.pdf`.
 */
export function hitEvent(
  claims: Counted,
  { id, at }: Moment,
  { userAgent, hints, ip }: Told,
): HitEvent {
  const { account, message, rcpt, mode } = claims;
  const sinceSent = timeSinceSent(claims, at);
  if (claims.kind === "open") {
    const data = { mode, userAgent, hints, ip, sinceSent };
    return { type: "engagement.opened", v: OPENED, account, message, rcpt, id, at, data };
  }
  const { link } = claims;
  const url = claims.kind === "click"
    ? claims.url
    : `attachment:${encodeURIComponent(claims.name)}`;
  const data = { mode, userAgent, hints, ip, sinceSent, link, url };
  return { type: "engagement.clicked", v: CLICKED, account, message, rcpt, id, at, data };
}

/** ms. Clocks of two machines: what comes before it was sent came at once. */
export function timeSinceSent({ prepared }: TokenClaims, at: number): number | null {
  return prepared === null ? null : Math.max(0, at - prepared);
}

/** The id depends on the copy only: asking twice, by whatever way, is one fact. */
export function unsubscribed(
  claims: Claims<"unsubscribe">,
  at: number,
  method: Unsubscribed["method"],
): NewEvent<"feedback.unsubscribed"> {
  const id = derivedId("feedback.unsubscribed", claims.message, claims.rcpt);
  return {
    type: "feedback.unsubscribed",
    v: CATALOGUE["feedback.unsubscribed"].v,
    ...whose(claims),
    id,
    at,
    data: { method },
  };
}

/** Consent withdrawn on the page. Nothing is derived: who gave it back meanwhile may withdraw it again. */
export function unmeasured(
  claims: Claims<"unsubscribe">,
  { id, at }: Moment,
): NewEvent<"consent.withdrawn"> {
  return {
    type: "consent.withdrawn",
    v: CATALOGUE["consent.withdrawn"].v,
    ...whose(claims),
    id,
    at,
    data: { tag: formatTag(claims.tag), source: "page" },
  };
}

function whose({ account, message, rcpt }: TokenClaims) {
  return { account, message, rcpt };
}

/** Nothing, where the mode asks for it. @param clientAddress the whole address: it is cut here */
export function toldBy(
  { mode }: TokenClaims,
  headers: RequestHeaders,
  clientAddress: string,
): Told {
  if (mode === "date-only") return UNTOLD;
  const told: Told = { userAgent: "", hints: {}, ip: truncateAddress(clientAddress) };
  // Once through all is quicker than to ask for each.
  headers.forEach((value, name) => {
    if (name === "user-agent") told.userAgent = value.slice(0, MAX_AGENT);
    else if (KEPT.has(name)) told.hints[name] = value.slice(0, MAX_HINT);
    else if (name === "referer") {
      const host = hostOf(value);
      if (host !== "") told.hints[name] = host;
    }
  });
  return told;
}

/** Which web mail showed it; the rest of its address is nobody's business. Empty for none. */
export function hostOf(referer: string): string {
  if (referer.length > MAX_REFERER) return "";
  return URL.parse(referer)?.hostname.slice(0, MAX_HINT) ?? "";
}
