/** What the classifier is told of a hit, and what it says of it. */
import type { Actor } from "./actor.ts";

/** A hit on a copy's pixel or links as it was logged. */
export interface RawHit {
  id: string;
  kind: "open" | "click";
  /** When it came, ms UTC. */
  at: number;
  /** ms since the copy was prepared for the attempt; null where no token or event says. */
  sinceSent: number | null;
  /** Empty where the privacy mode keeps none. */
  userAgent: string;
  /** Request headers by lower-case name; of `referer` the host only. */
  hints: Readonly<Record<string, string>>;
  /** Cut to /24 (IPv4) or /48 (IPv6); empty where the privacy mode keeps none. */
  ip: string;
  /** Position of the link in the message; null for an open. */
  link: number | null;
}

/** An earlier hit with the actor it counts for now: as judged, or as a later hit restated it. */
export type JudgedHit = RawHit & { actor: Actor };

export interface Verdict {
  actor: Actor;
  /** The rule that decided, a short name. */
  reason: string;
  /** Ids of earlier hits that this one shows to have been a scanner's. */
  revokes: string[];
}
