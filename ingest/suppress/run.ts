/**
 * Puts on the account's list whom a fact without an address is about: the edge, which takes most
 * unsubscriptions, knows message and recipient index only. Facts that name their recipient were dealt
 * with by whoever appended them (rules/suppression).
 */
import type { NewEvent } from "@chappe/src/events";
import type { Commit, Station } from "@chappe/src/log";
import { suppressionFor, suppressionOf } from "@chappe/src/rules";
import type { Logger, Metrics } from "@chappe/src/runtime";
import { createFindAccepted, type FindAccepted } from "../accepted.ts";
import { runSubscriber } from "../subscriber.ts";

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
  await runSubscriber({
    events: station.events,
    name: "suppressor",
    families: ["feedback"],
    work: (commit) => suppress(commit, find, options),
    logger,
    signal,
  });
}

async function suppress(
  commit: Commit,
  find: FindAccepted,
  { station, logger, metrics }: SuppressorOptions,
): Promise<void> {
  const facts = commit.events.filter((fact) =>
    fact.recipient === undefined && suppressionFor(fact) !== null
  );
  const made = await Promise.all(facts.map((fact) => suppressionBy(fact, find, logger)));
  const added = made.filter((event) => event !== null);
  if (added.length > 0) await station.events.append(added);
  metrics.count(
    "chappe_suppressions_looked_up_total",
    "Recipients put on a list by a fact that did not name them.",
    added.length,
  );
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
