/** Tells people what was decided: a line in the log of the process, and figures. */
import type { NewEvent } from "@chappe/src/events";
import type { Logger, Metrics } from "@chappe/src/runtime";

/** @returns hears of each fact that this node has put into the log */
export function createAnnouncer(
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): (fact: NewEvent) => void {
  return (fact) => {
    switch (fact.type) {
      case "address.alerted":
      case "address.paused": {
        const { address, rule, words } = fact.data;
        const provider = fact.type === "address.alerted" ? fact.data.provider : null;
        logger.warn(fact.type, { address, provider, rule, words });
        metrics.count("chappe_alerts_total", "Trouble of addresses to look into", 1, { rule });
        break;
      }
      case "shaping.applied": {
        const { rule, provider, address, words } = fact.data;
        logger.info(fact.type, { rule, provider, address, words });
        metrics.count("chappe_shaping_applied_total", "Measures taken", 1, { rule });
        break;
      }
      case "address.warmup-advanced":
      case "address.warmup-held":
      case "address.warmup-stepped-back":
      case "address.warmup-finished": {
        const { address, rule, words } = fact.data;
        logger.info(fact.type, { address, rule, words });
        break;
      }
      case "address.listed":
      case "address.delisted":
        logger.info(fact.type, { address: fact.data.address, list: fact.data.list });
    }
  };
}
