/** What came of one attempt to deliver one copy. */
import type { Reply } from "@chappe/src/events";
import type { TlsDetails } from "./smtp/mod.ts";

export type Outcome =
  /** A server answered; `taken`: it has the message. */
  | {
    readonly kind: "answered";
    readonly reply: Reply;
    readonly taken: boolean;
    /** The server refused us before it heard of the recipient (greeting, EHLO). */
    readonly early: boolean;
    readonly host: string;
    readonly tls: TlsDetails | null;
  }
  /** No answer. `enhanced` (RFC 3463) says what about; `host` is the one reached, if any. */
  | {
    readonly kind: "failed";
    readonly enhanced: string;
    readonly error: string;
    readonly host: string | null;
    readonly tls: TlsDetails | null;
  }
  /** The copy could not be made. */
  | { readonly kind: "unprepared"; readonly error: unknown }
  /** Nothing was sent in its place, or nothing that counts: a way is chosen anew. */
  | { readonly kind: "again" }
  /** Nothing was tried, or nothing is known: somebody else has to. */
  | { readonly kind: "undone" };
