/** From a complete message to `message.accepted` on disk. */
import { derivedId, event, type MessageAccepted } from "@chappe/src/events";
import { type BodyStore, type EventLog, LogUnavailableError } from "@chappe/src/log";
import { findFiles, normaliseLineEnds } from "@chappe/src/mail";
import type { SettingsState } from "@chappe/src/settings";
import { examine } from "./examine.ts";
import type { Transaction } from "../smtp/transaction.ts";
import type { Quotas } from "./quota.ts";

/**
 * When the client is told to try again if the log has not answered. The log may still take the
 * message later: the client's next try is then a second one, and never a lost one.
 */
const STORE_TIMEOUT_MS = 8_000;

export interface Acceptance {
  events: Pick<EventLog, "append">;
  bodies: Pick<BodyStore, "put">;
  quotas: Quotas;
  optionsHeader: string;
  /** For Message-IDs of our own. */
  hostname: string;
  now: () => number;
  newId: () => string;
}

/** A message that was taken. */
export interface Accepted {
  readonly id: string;
  readonly recipients: readonly Pick<MessageAccepted["recipients"][number], "address" | "kind">[];
}

/**
 * Checks the message, stores it and appends the event. Resolves once both are on disk.
 * @param given the message's id, where the same message may be handed in again
 * @throws {Refusal} @throws {LogUnavailableError}
 */
export async function accept(
  received: Uint8Array,
  transaction: Transaction,
  client: MessageAccepted["client"],
  settings: SettingsState,
  around: Acceptance,
  given: string | null = null,
): Promise<Accepted> {
  const raw = normaliseLineEnds(received);
  const { messageId, attachments, ...examined } = examine(
    received,
    raw,
    transaction,
    settings,
    around.optionsHeader,
  );
  // What comes from the null reverse-path is a notification: it stays as it is.
  const files = attachments === "link" && transaction.sender !== ""
    ? findFiles(raw, around.optionsHeader)
    : [];
  const id = given ?? around.newId();
  const store = async () => {
    // The hour that a message counts in is the hour that its event tells.
    const at = around.now();
    await around.quotas.take(transaction.account, at);
    const body = await around.bodies.put(raw);
    await around.events.append([
      event("message.accepted", {
        id: given === null ? around.newId() : derivedId("accepted", given),
        account: transaction.account.id,
        at,
        message: id,
      }, {
        ...examined,
        sender: transaction.sender,
        messageId: messageId ?? `${id}@${around.hostname}`,
        size: received.length,
        body,
        ...files.length > 0 ? { files } : {},
        client,
      }),
    ]);
  };
  await within(STORE_TIMEOUT_MS, store());
  return { id, recipients: examined.recipients.map(({ address, kind }) => ({ address, kind })) };
}

/** @throws {LogUnavailableError} when the work takes longer. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new LogUnavailableError(`not stored within ${ms} ms`)),
    ms,
  );
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
