/** The door for messages that come another way than by SMTP: the same checks, limits and records. */
import { Readable } from "node:stream";
import type { MessageAccepted, Reply } from "@chappe/src/events";
import type { BodyStore, Counters, EventLog, Memos } from "@chappe/src/log";
import type { Logger, Metrics } from "@chappe/src/runtime";
import type { LiveSettings } from "@chappe/src/settings";
import { createFindAccepted } from "../accepted.ts";
import { createBudget } from "../smtp/budget.ts";
import { ClientGoneError, collect, type Collected } from "../smtp/collect.ts";
import { Refusal, senderRefused, tooLarge } from "../smtp/refusal.ts";
import { addRecipient, type Addressee, beginTransaction } from "../smtp/transaction.ts";
import { accept, type Accepted } from "./accept.ts";
import { DEFAULT_LIMITS, maxRecipientsOf, maxSizeOf } from "./limits.ts";
import { createOnce, KeyReusedError, type Repeat, UnderWayError } from "./once.ts";
import { createOutcomes } from "./outcomes.ts";
import { createQuotas } from "./quota.ts";

const MB = 1024 * 1024;
const KB = 1024;

/** A request is held as bytes, as text, decoded and as a message, though not all the time. */
const HELD_PER_BYTE = 4;
/** How long a request may take to arrive, ms. */
const PATIENCE_MS = 10 * 60_000;

export interface IntakeOptions {
  /** For Message-IDs of our own. */
  hostname: string;
  /** Bytes of one message; 50 MB. Accounts may have a lower limit of their own. */
  maxSize?: number;
  /** Bytes of memory for all requests together; 256 MB, or what the largest message needs. */
  maxBytesHeld?: number;
  events: Pick<EventLog, "append" | "read">;
  bodies: Pick<BodyStore, "put">;
  counters: Pick<Counters, "add">;
  memos: Memos;
  settings: Pick<LiveSettings, "now">;
  /** Header with the sender's options as JSON, such as `X-EFIDEM-HEADERS`. */
  optionsHeader: string;
  now: () => number;
  newId: () => string;
  logger: Logger;
  metrics: Metrics;
}

/** A message handed in, with its envelope. */
export interface Handover {
  readonly account: string;
  /** Envelope sender; empty for the null reverse-path. */
  readonly sender: string;
  readonly recipients: readonly Addressee[];
  readonly raw: Uint8Array;
  readonly client: MessageAccepted["client"];
  /** By what a repeated request is known; null where each is one of its own. */
  readonly repeat: Repeat | null;
}

/** Turned away, as SMTP would say it. */
export interface Refused {
  readonly kind: "refused";
  readonly reason: string;
  readonly reply: Reply;
  /** When it may go otherwise, ms UTC; null where that is not known. */
  readonly retryAt: number | null;
}

export type Submitted =
  | { readonly kind: "accepted" } & Accepted
  | Refused
  /** The key of the request was used for another one. */
  | { readonly kind: "key-reused" }
  /** The same request is being worked on; `retryAt` in ms UTC. */
  | { readonly kind: "under-way"; readonly retryAt: number };

export interface Intake {
  /**
   * Reads a request that holds a message, perhaps in base64. Gives what it has to `use`, and holds
   * the memory until that is done.
   */
  receive<T>(
    body: ReadableStream<Uint8Array>,
    use: (bytes: Uint8Array) => Promise<T>,
  ): Promise<T | Refused | { readonly kind: "broken-off" }>;
  /** Resolves with `accepted` when message and event are on disk. */
  submit(handover: Handover): Promise<Submitted>;
  /** Resolves when nothing is left to append. */
  close(): Promise<void>;
}

export function createIntake(options: IntakeOptions): Intake {
  const { counters, now, settings } = options;
  const limits = { ...DEFAULT_LIMITS, maxSize: options.maxSize ?? DEFAULT_LIMITS.maxSize };
  const largest = Math.ceil(limits.maxSize * 4 / 3) + 64 * KB;
  const memory = createBudget(
    options.maxBytesHeld ?? Math.max(256 * MB, HELD_PER_BYTE * largest),
  );
  const budget = {
    take: (bytes: number) => memory.take(bytes * HELD_PER_BYTE),
    give: (bytes: number) => memory.give(bytes * HELD_PER_BYTE),
  };
  const outcomes = createOutcomes(options);
  const around = { ...options, quotas: createQuotas(counters, now) };
  const once = createOnce({ ...options, find: createFindAccepted(options.events) });

  async function take({ account, sender, recipients, raw, client }: Handover, id: string | null) {
    const known = settings.now.accounts.get(account);
    if (known === undefined) throw senderRefused(sender);
    const who = { account: known, login: client.login };
    const path = { address: sender, args: { SMTPUTF8: true } } as const;
    const transaction = beginTransaction(who, path, settings.now);
    const most = maxRecipientsOf(known, limits);
    for (const { address, ...told } of recipients) {
      addRecipient(transaction, { address, args: false }, most, told);
    }
    const maxSize = maxSizeOf(known, limits);
    if (raw.length > maxSize) throw tooLarge(maxSize);
    const taken = await accept(raw, transaction, client, settings.now, around, id);
    outcomes.accepted();
    return taken;
  }

  const takeOnce = (handover: Handover) =>
    handover.repeat === null
      ? take(handover, null)
      : once.accept(handover.account, handover.repeat, (id) => take(handover, id));

  return {
    async receive(body, use) {
      let held: Collected;
      try {
        const signal = AbortSignal.timeout(PATIENCE_MS);
        const stream = Readable.from(body, { objectMode: false, signal });
        held = await collect(stream, { maxSize: largest, budget, hangUp: true });
      } catch (error) {
        if (error instanceof Refusal) return refused(error);
        if (error instanceof ClientGoneError) return { kind: "broken-off" };
        throw error;
      }
      try {
        return await use(held.bytes);
      } finally {
        held.release();
      }
    },
    async submit(handover) {
      try {
        return { kind: "accepted", ...await takeOnce(handover) };
      } catch (error) {
        if (error instanceof KeyReusedError) return { kind: "key-reused" };
        if (error instanceof UnderWayError) return { kind: "under-way", retryAt: error.retryAt };
        const recipients = handover.recipients.map(({ address }) => address);
        return refused(outcomes.failed(error, { ...handover, recipients }));
      }
    },
    async close() {
      await Promise.all([outcomes.settled(), around.quotas.close()]);
    },
  };
}

const refused = ({ reason, reply, retryAt }: Refusal): Refused => ({
  kind: "refused",
  reason,
  reply,
  retryAt,
});
