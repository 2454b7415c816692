/** The work of delivering one copy: everything a delivery node needs, so that it looks nothing up. */
import type {
  Authentication,
  LinkedFile,
  MessageAccepted,
  RecipientKind,
} from "@chappe/src/events";
import type { Position } from "@chappe/src/log";

export interface DeliveryJob {
  account: string;
  message: string;
  rcpt: number;
  recipient: string;
  kind: RecipientKind;
  /** 1 for the first try. */
  attempt: number;
  /** When the message was accepted, ms UTC: retries end 3 days later. */
  acceptedAt: number;
  /** Id of the `message.accepted` event. */
  cause: string;
  /** How many recipients the message has in all. */
  recipients: number;
  accepted: Pick<
    MessageAccepted,
    "sender" | "from" | "messageId" | "body" | "size" | "tracking" | "listUnsubscribe" | "smtputf8"
  >;
  /** Files that the copies link to, and where the log tells of them; absent where there are none. */
  files?: { readonly linked: readonly LinkedFile[]; readonly told: Position };
  /** What the sender files the message under: billing code, else campaign; null for neither. */
  label: string | null;
  /**
   * Another job for this attempt may have been in the queue before (a dispatch or a retry seen
   * twice, after a crash): its outcome is looked up before anything is sent.
   */
  doubtful?: true;
  /** This attempt was put back into the queue so many times, the last time for this reason. */
  held?: { readonly times: number; readonly reason: string };
}

/** A copy ready for the wire. */
export interface PreparedCopy {
  /** RFC 5321 MAIL FROM; empty for the null reverse-path. */
  mailFrom: string;
  /** RFC 5322 message with CRLF line ends, not dot-stuffed. */
  data: Uint8Array;
  /** What DMARC will say of it. */
  authentication: Authentication;
}

export interface Preparer {
  /** @throws BodyGoneError when the raw message is no longer kept. */
  prepare(job: DeliveryJob): Promise<PreparedCopy>;
}
