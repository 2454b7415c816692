/** What an open or a click is answered with, and whether it counts. */
import type { LinkSwitch, TokenClaims } from "@chappe/src/rules";
import type { Claims } from "./hit.ts";

export interface Judgement {
  /** Whether the one behind a tag wants nothing recorded: asked at every hit, answers at once. */
  withdrawn: (tag: bigint) => boolean;
  /** Whether a link leads nowhere any more, and its hits count for nothing: asked as often. */
  disabled: LinkSwitch;
}

/** What is to be shown: the pixel, where the link leads, or a page. */
export type Answer = "pixel" | { to: string } | "not-found" | "disabled";

/**
 * The answer to an open or a click.
 * @param claims what the token says; null when it is not ours
 * @param note is told of a hit that is to be recorded, before the answer is given
 */
export function judge(
  kind: "open" | "click",
  claims: TokenClaims | null,
  { withdrawn, disabled }: Judgement,
  note: (claims: Claims<"open" | "click">) => void,
): Answer {
  if (claims === null || claims.kind !== kind) return "not-found";
  if (disabled(claims)) return kind === "open" ? "pixel" : "disabled";
  if (!withdrawn(claims.tag)) note(claims as Claims<"open" | "click">);
  return claims.kind === "click" ? { to: claims.url } : "pixel";
}
