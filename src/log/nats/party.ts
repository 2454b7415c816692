/** Questions among the processes of one platform: plain NATS, nothing is kept. */
import { type Msg, RequestError } from "@nats-io/nats-core";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import type { Party } from "../port.ts";
import type { Connection } from "./connection.ts";

export function createParty(connection: Connection, logger: Logger): Party {
  return {
    async ask(subject, timeoutMs) {
      if (!connection.connected()) return [];
      const answers: unknown[] = [];
      try {
        const replies = await connection.nc.requestMany(`party.${subject}`, new Uint8Array(), {
          strategy: "timer",
          maxWait: timeoutMs,
        });
        for await (const reply of replies) answers.push(reply.json());
      } catch (error) {
        const nobody = error instanceof RequestError && error.isNoResponders();
        if (!nobody) logger.warn("log.party", { subject, error: messageOf(error) });
      }
      return answers;
    },
    answer(subject, reply) {
      const give = async (message: Msg) => {
        const answer = JSON.stringify(await reply());
        if (!connection.nc.isClosed()) message.respond(answer);
      };
      connection.nc.subscribe(`party.${subject}`, {
        callback: (error, message) => {
          if (error === null) give(message);
        },
      });
    },
  };
}
