/**
 * Puts on the account's list whom a fact without an address is about: the edge, which takes most
 * unsubscriptions, knows message and recipient index only. Facts that name their recipient were dealt
 * with by whoever appended them (rules/suppression).
 */
import type { NewEvent } from "@chappe/src/events";
import { type Commit, LogUnavailableError, type Station } from "@chappe/src/log";
import { suppressionFor, suppressionOf } from "@chappe/src/rules";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import { createFindAccepted, type FindAccepted } from "../accepted.ts";
import { pause } from "../pause.ts";

/** Commits worked on at a time. */
const MAX_IN_FLIGHT = 64;
const PAUSE_MS = 500;

export interface SuppressorOptions {
  station: Pick<Station, "events">;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
}

/**
 * Runs until `signal` aborts; resolves when what is under way is done. A commit is acknowledged when
 * what follows from it is durable; one seen again leads to the same events, by their ids.
 */
export async function runSuppressor(options: SuppressorOptions): Promise<void> {
  const { station, logger, signal } = options;
  const find = createFindAccepted(station.events);
  const underWay = new Set<Promise<void>>();
  while (!signal.aborted) {
    try {
      const commits = station.events.subscribe({
        name: "suppressor",
        families: ["feedback"],
        maxInFlight: MAX_IN_FLIGHT,
        signal,
      });
      for await (const commit of commits) {
        const work = suppress(commit, find, options)
          .then((done) => {
            if (done) commit.ack();
          })
          .finally(() => underWay.delete(work));
        underWay.add(work);
      }
    } catch (error) {
      if (signal.aborted) break;
      logger.warn("suppress.no-commits", { error: messageOf(error) });
      await pause(PAUSE_MS, signal);
    }
  }
  await Promise.all(underWay);
}

/** Resolves with true when everything the commit asks for is durable; false when told to stop first. */
async function suppress(
  commit: Commit,
  find: FindAccepted,
  { station, logger, metrics, signal }: SuppressorOptions,
): Promise<boolean> {
  const facts = commit.events.filter((fact) =>
    fact.recipient === undefined && suppressionFor(fact) !== null
  );
  for (let held = false;;) {
    try {
      const made = await Promise.all(facts.map((fact) => suppressionBy(fact, find, logger)));
      const added = made.filter((event) => event !== null);
      if (added.length > 0) await station.events.append(added);
      metrics.count(
        "chappe_suppressions_looked_up_total",
        "Recipients put on a list by a fact that did not name them.",
        added.length,
      );
      return true;
    } catch (error) {
      const level = error instanceof LogUnavailableError ? "warn" : "error";
      if (!held) logger[level]("suppress.held-up", { commit: commit.seq, error: messageOf(error) });
      held = true;
      if (signal.aborted) return false;
      await pause(PAUSE_MS, signal);
    }
  }
}

/** Null when nobody knows whom it is about. */
async function suppressionBy(
  fact: NewEvent,
  find: FindAccepted,
  logger: Logger,
): Promise<NewEvent<"suppression.added"> | null> {
  const { id, account, message, rcpt } = fact;
  const accepted = message === undefined ? null : await find(account, message);
  const address = accepted?.data.recipients[rcpt ?? -1]?.address;
  if (address !== undefined) return suppressionOf(fact, address);
  logger.error("suppress.unknown-recipient", { id, account, message, rcpt });
  return null;
}
