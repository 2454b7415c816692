/** What we say when we do not take something: replies with RFC 3463 codes, as errors. */
import type { Reply } from "@chappe/src/events";
import type { Span } from "@chappe/src/rules";

/** A reply line has 512 octets at most, code and CRLF included (RFC 5321 §4.5.3.1.5). */
const MAX_TEXT = 480;

// deno-lint-ignore no-control-regex -- these would break the line
const UNFIT = /[\x00-\x1f\x7f-\x9f]+/g;

/** Thrown where a client's command or message is turned away; the client gets `reply`. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly reply: Reply;
  /** The code, under the name by which smtp-server looks for it. */
  readonly responseCode: number;

  /**
   * @param reason one word for counters and the log, e.g. `sender`
   * @param said what to tell the client; may hold what the client sent, and is made fit for a line
   * @param retryAt when it may go otherwise, ms UTC; null where that is not known
   */
  constructor(
    readonly reason: string,
    code: number,
    enhanced: string,
    said: string,
    readonly retryAt: number | null = null,
  ) {
    const text = said.replace(UNFIT, " ").slice(0, MAX_TEXT).toWellFormed();
    super(`${enhanced} ${text}`);
    this.reply = { code, enhanced, text };
    this.responseCode = code;
  }

  /** For good (5yz), not "try again later". */
  get permanent(): boolean {
    return this.responseCode >= 500;
  }
}

export const tlsRequired = () =>
  new Refusal("tls", 530, "5.7.0", "Must issue a STARTTLS command first");

export const loginRequired = () => new Refusal("login", 530, "5.7.0", "Authentication required");

export const loginRefused = () =>
  new Refusal("login", 535, "5.7.8", "Authentication credentials invalid");

export const tooManyLogins = () =>
  new Refusal("login", 421, "4.7.0", "Too many failed logins, closing connection");

export const guessedTooOften = (waitMs: number) =>
  new Refusal(
    "throttle",
    454,
    "4.7.0",
    `Too many failed logins from your address, try again in ${Math.ceil(waitMs / 1000)} seconds`,
  );

export const loginUnavailable = () =>
  new Refusal("login", 454, "4.7.0", "Temporary authentication failure, try again later");

export const senderRefused = (address: string) =>
  new Refusal(
    "sender",
    550,
    "5.7.1",
    `${address} is not a sender of this account: authorise the address or its domain, or send as one that is`,
  );

export const senderSyntax = () =>
  new Refusal("syntax", 553, "5.1.7", "Sender address must be local@domain (RFC 5321)");

export const recipientSyntax = () =>
  new Refusal("syntax", 553, "5.1.3", "Recipient address must be local@domain (RFC 5321)");

export const needsSmtpUtf8 = () =>
  new Refusal("syntax", 553, "5.6.7", "Address outside ASCII needs the SMTPUTF8 parameter");

export const unknownParameter = (name: string) =>
  new Refusal("syntax", 555, "5.5.4", `Parameter ${name} is not supported`);

export const tooManyRecipients = (limit: number) =>
  new Refusal(
    "recipients",
    452,
    "4.5.3",
    `Too many recipients: at most ${limit} a message, send the rest in another`,
  );

export const tooLarge = (limit: number) =>
  new Refusal("size", 552, "5.3.4", `Message exceeds the maximum size of ${limit} bytes`);

export const quotaUsedUp = ({ kind, cap, endsAt }: Span) =>
  new Refusal(
    "quota",
    451,
    "4.7.1",
    `${kind === "hour" ? "Hourly" : "Daily"} limit of ${cap} messages reached, next at ${
      new Date(endsAt).toISOString()
    }`,
    endsAt,
  );

export const memoryFull = () =>
  new Refusal("memory", 452, "4.3.1", "Too much mail is being received now, try again later");

export const badContent = (why: string) => new Refusal("content", 550, "5.6.0", why);

export const mailLoop = (hops: number) =>
  new Refusal("loop", 554, "5.4.6", `Mail loop: ${hops} Received fields`);

export const notStored = () =>
  new Refusal("log", 451, "4.3.0", "Nothing was accepted: cannot store mail now, try again later");

export const shuttingDown = () =>
  new Refusal("shutdown", 421, "4.3.2", "Server shutting down, try again later");

export const tooManyConnections = () =>
  new Refusal("connections", 421, "4.7.0", "Too many connections, try again in a moment");

export const placeTaken = () =>
  new Refusal("connections", 421, "4.4.2", "Idle too long while others wait, try again");

export const tooSlow = () => new Refusal("slow", 421, "4.4.2", "Session took too long, try again");
