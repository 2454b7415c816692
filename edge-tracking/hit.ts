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
const MAX_AGENT = 1024;
const MAX_HINT = 512;
const MAX_REFERER = 4096;
/**
 * The language, the User-Agent Client Hints that browsers send unasked (we ask for none), what the
 * page was that asked (Fetch Metadata), and what programs say that fetch ahead of the reader.
 */
const HINTS = [
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
];

/** What came with the request. `clientAddress` is the whole address: it is cut here. */
export interface Visit {
  id: string;
  at: number;
  headers: Headers;
  clientAddress: string;
}

type Claims<K extends TokenClaims["kind"]> = TokenClaims & { kind: K };

/** `engagement.opened` or `engagement.clicked`. */
export function hitEvent(claims: Claims<"open" | "click">, visit: Visit): NewEvent {
  const envelope = { ...whose(claims), id: visit.id, at: visit.at };
  if (claims.kind === "open") {
    return { type: "engagement.opened", v: OPENED, ...envelope, data: facts(claims, visit) };
  }
  const data = { ...facts(claims, visit), link: claims.link, url: claims.url };
  return { type: "engagement.clicked", v: CLICKED, ...envelope, data };
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
  id: string,
  at: number,
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

function facts({ mode, prepared }: TokenClaims, { at, headers, clientAddress }: Visit) {
  // Clocks of two machines: what comes before it was sent came at once.
  const sinceSent = prepared === null ? null : Math.max(0, at - prepared);
  if (mode === "date-only") return { mode, userAgent: "", hints: {}, ip: "", sinceSent };
  const hints: Record<string, string> = {};
  for (const name of HINTS) {
    const value = headers.get(name);
    if (value !== null) hints[name] = value.slice(0, MAX_HINT);
  }
  const referer = hostOf(headers.get("referer"));
  if (referer !== "") hints["referer"] = referer;
  const userAgent = (headers.get("user-agent") ?? "").slice(0, MAX_AGENT);
  return { mode, userAgent, hints, ip: truncateAddress(clientAddress), sinceSent };
}

/** Which web mail showed it; the rest of its address is nobody's business. */
function hostOf(referer: string | null): string {
  if (referer === null || referer.length > MAX_REFERER) return "";
  return URL.parse(referer)?.hostname.slice(0, MAX_HINT) ?? "";
}
