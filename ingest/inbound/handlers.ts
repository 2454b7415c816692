/** The SMTP commands that are ours to answer, as smtp-server asks for them. */
import type { Readable } from "node:stream";
import type { NewEvent } from "@chappe/src/events";
import { type EventLog, LogUnavailableError } from "@chappe/src/log";
import type { CopyAddress } from "@chappe/src/rules";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import type { SMTPServerOptions, SMTPServerSession } from "smtp-server";
import type { Budget } from "../smtp/budget.ts";
import { ClientGoneError, collect } from "../smtp/collect.ts";
import { notStored, Refusal, tooManyRecipients } from "../smtp/refusal.ts";
import type { Session } from "../smtp/session.ts";
import type { Addressee } from "./addressee.ts";
import { factsOf } from "./facts.ts";
import type { Recent } from "./recent.ts";
import { readReport } from "./report.ts";

export interface HandlerOptions {
  addressee: Addressee;
  maxSize: number;
  maxRecipients: number;
  budget: Budget;
  /** Ids of events that are in the log already. */
  recent: Recent;
  events: Pick<EventLog, "append">;
  now: () => number;
  newId: () => string;
  logger: Logger;
  metrics: Metrics;
  of: (session: SMTPServerSession) => Session;
  /** Called when the client has the reply to its message. */
  finished: (session: Session) => void;
}

export interface Handlers {
  smtp: Required<Pick<SMTPServerOptions, "onRcptTo" | "onData">>;
  /** Resolves when no message is under way. */
  settled(): Promise<void>;
}

const notOurs = () =>
  new Refusal("relay", 550, "5.7.1", "Not a return path of ours: no other mail is taken here");

export function createHandlers(options: HandlerOptions): Handlers {
  const { addressee, maxRecipients, recent, events, now, logger, metrics } = options;
  const underWay = new Set<Promise<void>>();

  function count(what: string): void {
    metrics.count("chappe_inbound_messages_total", "What came in from the world", 1, { what });
  }

  /** @returns the id that the message gets in our log lines. @throws {Refusal} @throws {ClientGoneError} */
  async function receive(stream: Readable, paths: readonly CopyAddress[]): Promise<string> {
    const { bytes, release } = await collect(stream, options);
    try {
      const report = readReport(bytes);
      const facts = paths.flatMap((path) => factsOf(path, report, now()));
      await append(facts.filter(({ id }) => !recent.has(id)));
      const id = options.newId();
      for (const { type, account, message, rcpt } of facts) {
        logger.info("report-received", { id, type, account, message, rcpt });
        count(type);
      }
      // Out-of-office notes and the like: taken, since sending them back would answer an answer.
      if (facts.length === 0) count("other");
      return id;
    } finally {
      release();
    }
  }

  async function append(facts: readonly NewEvent[]): Promise<void> {
    if (facts.length === 0) return;
    try {
      await events.append(facts);
    } catch (error) {
      logger.warn("report-not-stored", { error: messageOf(error) });
      if (error instanceof LogUnavailableError) throw notStored();
      throw error;
    }
    for (const { id } of facts) recent.add(id);
  }

  return {
    smtp: {
      onRcptTo({ address }, smtp, callback) {
        if (addressee(address) === null) {
          count("refused");
          callback(notOurs());
        } else if (smtp.envelope.rcptTo.length >= maxRecipients) {
          callback(tooManyRecipients(maxRecipients));
        } else callback();
      },
      onData(stream, smtp, callback) {
        const session = options.of(smtp);
        session.receiving = true;
        const paths = smtp.envelope.rcptTo.map(({ address }) => addressee(address));
        const work: Promise<void> = receive(stream, paths.filter((path) => path !== null))
          .then((id) => callback(null, `2.0.0 taken as ${id}`), (error) => {
            callback(
              error instanceof Refusal || error instanceof ClientGoneError ? error : notStored(),
            );
          })
          .finally(() => {
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
