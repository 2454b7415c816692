/** Commits shared among subscribers of one name, each until it is acknowledged. */
import type { Commit, EventLog } from "../port.ts";
import type { Logger } from "../../runtime/mod.ts";
import type { Connection } from "./connection.ts";
import { pullDurable } from "./consumers.ts";
import { Room } from "./pull.ts";
import { subjects, toCommit } from "./read.ts";
import { EVENTS } from "./streams.ts";

/** After a crash, the commits a subscriber held come back in this time. */
const ACK_WAIT_MS = 15_000;
/** Living subscribers ask for more time this often, for as long as they hold something. */
const KEEP_MS = 5_000;

type SubscribeOptions = Parameters<EventLog["subscribe"]>[0];

export async function* subscribeCommits(
  connection: Connection,
  { name, families, maxInFlight, signal }: SubscribeOptions,
  logger: Logger,
): AsyncGenerator<Commit & { ack(): void }> {
  const room = new Room(maxInFlight);
  const held = new Set<{ keep(): void }>();
  const keeper = setInterval(() => held.forEach((holding) => holding.keep()), KEEP_MS);
  const config = {
    durable_name: name,
    filter_subjects: subjects(families),
    ack_policy: "explicit" as const,
    ack_wait: ACK_WAIT_MS * 1_000_000,
    max_ack_pending: 20_000,
  };
  try {
    for await (
      const message of pullDurable(connection, { stream: EVENTS, config, room, signal, logger })
    ) {
      const holding = { keep: () => message.respond("+WPI") };
      held.add(holding);
      yield {
        ...toCommit(message),
        ack() {
          if (!held.delete(holding)) return;
          room.give();
          message.respond("+ACK");
        },
      };
    }
  } finally {
    clearInterval(keeper);
  }
}
