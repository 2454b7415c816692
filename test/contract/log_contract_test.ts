/** The log's contract, held by a real nats-server. */
import { startTestNats } from "@chappe/src/embedded";
import { connectStation, type Station } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { logContract } from "./log_contract.ts";

logContract("NATS JetStream", async () => {
  const nats = await startTestNats();
  const stations: Station[] = [];
  return {
    async open(options = {}) {
      const station = await connectStation({
        url: nats.url,
        now: Date.now,
        logger: SILENT,
        ...options,
      });
      stations.push(station);
      return station;
    },
    crash: () => nats.kill(),
    restart: () => nats.restart(),
    async [Symbol.asyncDispose]() {
      await Promise.all(stations.map((station) => station.close()));
      await nats[Symbol.asyncDispose]();
    },
  };
});
