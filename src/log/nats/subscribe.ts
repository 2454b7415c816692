/** Commits shared among subscribers of one name, each until it is acknowledged. */
import type { Commit, EventLog } from "../port.ts";
import type { Logger } from "../../runtime/mod.ts";
import type { Connection } from "./connection.ts";
import { pullDurable } from "./consumers.ts";
import { reply } from "./delivery.ts";
import { Room } from "./pull.ts";
import { subjects, toCommit } from "./read.ts";
import { EVENTS } from "./streams.ts";

/** What a subscriber held comes back in this time after a crash: it renews its hold by itself. */
const LONGEST_HOLD_MS = 10_000;

type SubscribeOptions = Parameters<EventLog["subscribe"]>[0];

export async function* subscribeCommits(
  connection: Connection,
  { name, families, maxInFlight, signal }: SubscribeOptions,
  { ackWaitMs, logger }: { ackWaitMs: number; logger: Logger },
): AsyncGenerator<Commit & { ack(): void }> {
  const room = new Room(maxInFlight);
  const held = new Set<{ keep(): void }>();
  const holdMs = Math.min(ackWaitMs, LONGEST_HOLD_MS);
  const keeper = setInterval(() => held.forEach((holding) => holding.keep()), holdMs / 3);
  const config = {
    durable_name: name,
    filter_subjects: subjects(families),
    ack_policy: "explicit" as const,
    ack_wait: holdMs * 1_000_000,
    max_ack_pending: 20_000,
  };
  try {
    for await (
      const message of pullDurable(connection, { stream: EVENTS, config, room, signal, logger })
    ) {
      const holding = { keep: () => reply(connection, message, "+WPI") };
      held.add(holding);
      yield {
        ...toCommit(message),
        ack() {
          if (!held.delete(holding)) return;
          room.give();
          reply(connection, message, "+ACK");
        },
      };
    }
  } finally {
    clearInterval(keeper);
  }
}
