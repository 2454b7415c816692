/** Tracking tokens: signed, stateless, compact. */

/** What a tracking link says. */
export type TokenClaims =
  & {
    account: string;
    /** Message id (UUID). */
    message: string;
    /** Recipient index in the message. */
    rcpt: number;
    mode: "date-only" | "full";
  }
  & (
    | { kind: "open" }
    /** Position of the link in the message, from 0, and where it leads (http or https). */
    | { kind: "click"; link: number; url: string }
    | { kind: "unsubscribe" }
  );
