/** What became of each message: counted, and recorded where a sender will ask. */
import { event, type MessageAccepted } from "@chappe/src/events";
import { type EventLog, LogUnavailableError } from "@chappe/src/log";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import { notStored, Refusal } from "../smtp/refusal.ts";

export interface Attempt {
  account: string;
  sender: string;
  recipients: string[];
  client: MessageAccepted["client"];
}

export interface Outcomes {
  accepted(): void;
  /** Turns what went wrong into the reply for the client, and takes note of it. */
  failed(error: unknown, attempt: Attempt): Refusal;
  /** Resolves when no record is under way. */
  settled(): Promise<void>;
}

export function createOutcomes({ events, now, newId, metrics, logger }: {
  events: Pick<EventLog, "append">;
  now: () => number;
  newId: () => string;
  metrics: Metrics;
  logger: Logger;
}): Outcomes {
  const underWay = new Set<Promise<void>>();
  let logAway = false;

  const count = (outcome: string, reason: string) =>
    metrics.count("chappe_submission_messages_total", "Messages answered at submission", 1, {
      outcome,
      reason,
    });

  /** One line when the log goes and one when it is back, however many messages come meanwhile. */
  function noteLog(away: boolean, reason: string): void {
    if (away !== logAway) {
      if (away) logger.error("submission-cannot-store", { reason });
      else logger.info("submission-stores-again");
    }
    logAway = away;
  }

  /** The reply is the same whether it can be recorded or not, so it does not wait. */
  function record({ reason, reply }: Refusal, { account, sender, recipients, client }: Attempt) {
    const { ip, ehlo, login } = client;
    const rejected = event("message.rejected", { id: newId(), account, at: now() }, {
      reason,
      reply,
      sender,
      recipients,
      client: { ip, ehlo, login },
    });
    const work: Promise<void> = events.append([rejected])
      .then(() => noteLog(false, ""), (error) => noteLog(true, messageOf(error)))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }

  return {
    accepted() {
      count("accepted", "");
      noteLog(false, "");
    },
    failed(error, attempt) {
      if (error instanceof Refusal) {
        count(error.permanent ? "rejected" : "deferred", error.reason);
        if (error.permanent) record(error, attempt);
        return error;
      }
      const refusal = notStored();
      count("deferred", refusal.reason);
      if (error instanceof LogUnavailableError) noteLog(true, messageOf(error));
      else logger.error("submission-failed", { reason: messageOf(error) });
      return refusal;
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
