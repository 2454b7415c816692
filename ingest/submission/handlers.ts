/** The SMTP commands that are ours to answer, as smtp-server asks for them. */
import type { Readable } from "node:stream";
import type { MessageAccepted } from "@chappe/src/events";
import type { Metrics } from "@chappe/src/runtime";
import type { SMTPServerAddress, SMTPServerOptions, SMTPServerSession } from "smtp-server";
import { accept, type Acceptance } from "./accept.ts";
import type { Budget } from "../smtp/budget.ts";
import { ClientGoneError, collect } from "../smtp/collect.ts";
import { identify, logIn, type Logins } from "./logins.ts";
import type { Attempt, Outcomes } from "./outcomes.ts";
import { tlsRequired, tooLarge } from "../smtp/refusal.ts";
import type { Session } from "../smtp/session.ts";
import { addRecipient, beginTransaction, type Transaction } from "../smtp/transaction.ts";
import { maxRecipientsOf, maxSizeOf, type MessageLimits } from "./limits.ts";

export interface HandlerOptions extends Acceptance, Logins, MessageLimits {
  requireTls: boolean;
  budget: Budget;
  outcomes: Outcomes;
  trusted: (ip: string) => string | null;
  metrics: Metrics;
  of: (session: SMTPServerSession) => Session;
  /** Called when the client has the reply to its message. */
  finished: (session: Session) => void;
}

export interface Handlers {
  smtp: Required<Pick<SMTPServerOptions, "onAuth" | "onMailFrom" | "onRcptTo" | "onData">>;
  /** Resolves when no message is under way. */
  settled(): Promise<void>;
}

export function createHandlers(options: HandlerOptions): Handlers {
  const { of, now, settings, metrics, budget, outcomes, quotas } = options;
  const underWay = new Set<Promise<void>>();

  function mail(path: SMTPServerAddress, smtp: SMTPServerSession): Transaction {
    if (options.requireTls && !smtp.secure) throw tlsRequired();
    const client = clientOf(smtp);
    const who = identify(client, settings, options.trusted);
    try {
      const transaction = beginTransaction(who, path, settings.now);
      const limit = maxSizeFor(transaction);
      if (path.args && Number(path.args.SIZE) > limit) throw tooLarge(limit);
      quotas.check(who.account, now());
      return transaction;
    } catch (error) {
      const { id: account } = who.account;
      throw outcomes.failed(error, { account, sender: path.address, recipients: [], client });
    }
  }

  const maxSizeFor = ({ account }: Transaction) => maxSizeOf(account, options);

  /** @returns the id of the message, on disk. @throws {Refusal} @throws {ClientGoneError} */
  async function receive(
    stream: Readable,
    transaction: Transaction,
    client: MessageAccepted["client"],
  ): Promise<string> {
    try {
      const { bytes, release } = await collect(stream, {
        maxSize: maxSizeFor(transaction),
        budget,
      });
      try {
        const { id } = await accept(bytes, transaction, client, settings.now, options);
        outcomes.accepted();
        return id;
      } finally {
        release();
      }
    } catch (error) {
      if (error instanceof ClientGoneError) throw error;
      throw outcomes.failed(error, attemptOf(transaction, client));
    }
  }

  return {
    smtp: {
      onAuth(auth, smtp, callback) {
        logIn(auth, of(smtp), options).then((user) => callback(null, { user }), callback);
      },
      onMailFrom(path, smtp, callback) {
        answer(callback, () => {
          of(smtp).transaction = mail(path, smtp);
        });
      },
      onRcptTo(path, smtp, callback) {
        answer(callback, () => {
          const transaction = of(smtp).transaction!;
          addRecipient(transaction, path, maxRecipientsOf(transaction.account, options));
        });
      },
      onData(stream, smtp, callback) {
        const session = of(smtp);
        const began = now();
        session.receiving = true;
        const work: Promise<void> = receive(stream, session.transaction!, clientOf(smtp))
          .then((id) => callback(null, `2.0.0 queued as ${id}`), callback)
          .finally(() => {
            const seconds = (now() - began) / 1000;
            metrics.observe("chappe_submission_data_seconds", "From DATA to its reply", seconds);
            underWay.delete(work);
            options.finished(session);
          });
        underWay.add(work);
      },
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}

function answer(callback: (error?: Error) => void, work: () => void): void {
  try {
    work();
  } catch (error) {
    callback(error as Error);
    return;
  }
  callback();
}

function clientOf(smtp: SMTPServerSession): MessageAccepted["client"] {
  const cipher = smtp.tlsOptions;
  return {
    ip: smtp.remoteAddress,
    ehlo: smtp.hostNameAppearsAs,
    tls: cipher === false ? null : `${cipher.version} ${cipher.name}`,
    login: typeof smtp.user === "string" ? smtp.user : null,
  };
}

function attemptOf(transaction: Transaction, client: MessageAccepted["client"]): Attempt {
  return {
    account: transaction.account.id,
    sender: transaction.sender,
    recipients: Array.from(transaction.recipients.values(), ({ address }) => address),
    client,
  };
}
