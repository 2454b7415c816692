/** What the console asks of the part that takes mail in; `main` joins the two. */
import type { MessageAccepted, Reply } from "@chappe/src/events";

/** A message to be sent, with its envelope. */
export interface Handover {
  readonly account: string;
  /** Envelope sender; empty for the null reverse-path (RFC 5321 §4.5.5). */
  readonly sender: string;
  /** Each with what is told of them. */
  readonly recipients: readonly Omit<MessageAccepted["recipients"][number], "kind">[];
  /** RFC 5322. */
  readonly raw: Uint8Array;
  readonly client: MessageAccepted["client"];
  /** The client's key for this request, and what tells it from others; null without a key. */
  readonly repeat: { readonly key: string; readonly fingerprint: string } | null;
}

/** Turned away, as SMTP would say it. */
export interface Refused {
  readonly kind: "refused";
  /** One word: `sender`, `size`, `quota`, … */
  readonly reason: string;
  readonly reply: Reply;
  /** When it may go otherwise, ms UTC; null where that is not known. */
  readonly retryAt: number | null;
}

export interface Taken {
  readonly kind: "accepted";
  readonly id: string;
  readonly recipients: readonly Pick<MessageAccepted["recipients"][number], "address" | "kind">[];
}

export type Submitted =
  | Taken
  | Refused
  /** The key was used for another request. */
  | { readonly kind: "key-reused" }
  /** The same request is being worked on; `retryAt` in ms UTC. */
  | { readonly kind: "under-way"; readonly retryAt: number };

export interface Intake {
  /**
   * Reads the body of a request, within the limits of size and memory, and gives it to `use`; holds
   * the memory until that is done.
   */
  receive<T>(
    body: ReadableStream<Uint8Array>,
    use: (bytes: Uint8Array) => Promise<T>,
  ): Promise<T | Refused | { readonly kind: "broken-off" }>;
  /** Resolves with `accepted` when the message is on disk. */
  submit(handover: Handover): Promise<Submitted>;
}
