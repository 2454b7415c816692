/** The SMTP commands that are ours to answer, as smtp-server asks for them. */
import type { Readable } from "node:stream";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import type { SMTPServerOptions, SMTPServerSession } from "smtp-server";
import type { Budget } from "../smtp/budget.ts";
import { ClientGoneError, collect } from "../smtp/collect.ts";
import { notStored, Refusal, tooLarge, tooManyRecipients } from "../smtp/refusal.ts";
import type { Session } from "../smtp/session.ts";
import type { Addressee, AddresseeOf } from "./addressee.ts";
import type { CopyReported } from "./feedback_copy.ts";
import { readIncoming } from "./incoming.ts";
import { judge } from "./judge.ts";
import { type Client, MAX_PASSED_ON, type PassOn } from "./postmaster.ts";
import type { RecordFindings } from "./recorder.ts";

export interface HandlerOptions {
  addressee: AddresseeOf;
  copyReported: CopyReported;
  record: RecordFindings;
  /** Null where nobody reads what people write to us. */
  passOn: PassOn | null;
  maxSize: number;
  maxRecipients: number;
  budget: Budget;
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

/**
 * Bytes kept of a report: what is for programs stands before the message it is about (RFC 6522 §3),
 * which may be as large as any.
 */
const KEPT = 256 * 1024;

const notOurs = () =>
  new Refusal("relay", 550, "5.7.1", "Not an address of ours: no other mail is taken here");

const nobodyReads = () =>
  new Refusal("postmaster", 550, "5.1.1", "No mailbox is set up here for mail that is no report");

export function createHandlers(options: HandlerOptions): Handlers {
  const { addressee, maxRecipients, passOn, logger, metrics } = options;
  const underWay = new Set<Promise<void>>();

  function count(what: string): void {
    metrics.count("chappe_inbound_messages_total", "What came in from the world", 1, { what });
  }

  /** @returns the id that the message gets in our log lines. @throws {Refusal} @throws {ClientGoneError} */
  async function receive(
    stream: Readable,
    addressees: readonly Addressee[],
    mailFrom: string,
    client: Client,
  ): Promise<string> {
    const mayPassOn = passOn !== null && addressees.some(({ kind }) => kind === "role");
    const keep = mayPassOn ? MAX_PASSED_ON : KEPT;
    const { bytes, size, release } = await collect(stream, { ...options, keep });
    try {
      const incoming = readIncoming(bytes.subarray(0, KEPT), mailFrom);
      const judgement = judge(incoming, addressees, options.copyReported);
      const facts = await options.record(judgement.findings);
      const id = options.newId();
      for (const { type, account, message, rcpt } of facts) {
        logger.info("report-received", { id, type, account, message, rcpt });
      }
      for (const { told } of judgement.findings) count(told.type);
      if (judgement.findings.length > 0) return id;
      if (judgement.toPeople && passOn !== null) {
        if (size > bytes.length) throw tooLarge(MAX_PASSED_ON);
        const passed = await passOn(bytes, client);
        count("passed-on");
        return passed;
      }
      // Whoever runs a feedback loop need not learn that a report was of no use to us.
      if (judgement.toPeople && !judgement.feedback) {
        count("refused");
        throw nobodyReads();
      }
      // Out-of-office notes and the like: taken, since sending them back would answer an answer.
      count("other");
      return id;
    } finally {
      release();
    }
  }

  function refusalOf(error: unknown): Error {
    if (error instanceof Refusal || error instanceof ClientGoneError) return error;
    logger.warn("report-not-stored", { error: messageOf(error) });
    return notStored();
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
        const { mailFrom, rcptTo } = smtp.envelope;
        const addressees = rcptTo.map(({ address }) => addressee(address));
        const work: Promise<void> = receive(
          stream,
          addressees.filter((each) => each !== null),
          mailFrom ? mailFrom.address : "",
          clientOf(smtp),
        )
          .then(
            (id) => callback(null, `2.0.0 taken as ${id}`),
            (error) => callback(refusalOf(error)),
          )
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

function clientOf(smtp: SMTPServerSession): Client {
  const cipher = smtp.tlsOptions;
  return {
    ip: smtp.remoteAddress,
    ehlo: smtp.hostNameAppearsAs,
    tls: cipher === false ? null : `${cipher.version} ${cipher.name}`,
    login: null,
  };
}
