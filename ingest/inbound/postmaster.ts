/**
 * Passes on what people write to postmaster, abuse and fbl (RFC 5321 §4.5.1): through the log, as a
 * message of the platform's own with the null reverse-path, so that nothing can come back from it.
 */
import { event, type MessageAccepted, type MessageReferences } from "@chappe/src/events";
import type { BodyStore, EventLog } from "@chappe/src/log";
import { inspect, normaliseLineEnds } from "@chappe/src/mail";
import { PLATFORM } from "@chappe/src/settings";
import { badContent, mailLoop } from "../smtp/refusal.ts";

/** Bytes of a message that is passed on; those who write to a postmaster need no more. */
export const MAX_PASSED_ON = 10 * 1024 * 1024;
/** RFC 5321 §6.3. */
const MAX_HOPS = 50;
const MAX_TEXT = 998;

const NO_REFERENCES: MessageReferences = {
  billingCode: null,
  customerReference: null,
  attention1: null,
  attention2: null,
  attention3: null,
  attention4: null,
  attention5: null,
  attention6: null,
  attention7: null,
  attention8: null,
};

export interface PostmasterParts {
  /** Mailbox of those who run the installation. */
  address: string;
  /** Our name in the trace field. */
  hostname: string;
  events: Pick<EventLog, "append">;
  bodies: Pick<BodyStore, "put">;
  now: () => number;
  newId: () => string;
}

export type Client = MessageAccepted["client"];

/**
 * Resolves with the message's id when it is on disk.
 * @throws {Refusal} @throws {LogUnavailableError}
 */
export type PassOn = (raw: Uint8Array, client: Client) => Promise<string>;

export function createPassOn(parts: PostmasterParts): PassOn {
  const { address, hostname, events, bodies, now, newId } = parts;
  return async (raw, client) => {
    const header = inspect(raw, "");
    if (header.problem !== null) {
      throw badContent(`Message cannot be passed on: ${header.problem}`);
    }
    if (header.received > MAX_HOPS) throw mailLoop(header.received);
    const id = newId();
    const at = now();
    const body = await bodies.put(normaliseLineEnds(traced(raw, trace(client, hostname, id, at))));
    const clip = (text: string) => text.slice(0, MAX_TEXT).toWellFormed();
    await events.append([
      event("message.accepted", { id: newId(), account: PLATFORM, at, message: id }, {
        sender: "",
        recipients: [{ address, kind: "to" }],
        from: header.from[0] ?? "",
        subject: clip(header.subject),
        messageId: clip(header.messageId ?? `${id}@${hostname}`),
        size: raw.length,
        body,
        references: NO_REFERENCES,
        tracking: { mode: "off", opens: false, clicks: false },
        listUnsubscribe: "off",
        smtputf8: header.eightBitHeaders,
        client,
      }),
    ]);
    return id;
  };
}

/** RFC 5321 §4.4, so that a message that goes in circles is seen to. */
function trace({ ip, ehlo }: Client, hostname: string, id: string, at: number): string {
  const date = new Date(at).toUTCString().replace("GMT", "+0000");
  const name = /^[\w.:[\]-]{1,253}$/.test(ehlo) ? ehlo : "unknown";
  return `Received: from ${name} ([${ip}])\r\n\tby ${hostname} with ESMTP id ${id};\r\n\t${date}\r\n`;
}

function traced(raw: Uint8Array, field: string): Uint8Array {
  const head = new TextEncoder().encode(field);
  const whole = new Uint8Array(head.length + raw.length);
  whole.set(head);
  whole.set(raw, head.length);
  return whole;
}
