/** Sees how mail is received and acts on it; beside the deliveries, in the same role. */
import { listsOf, runKeeper } from "@chappe/ingest";
import type { LiveSending } from "@chappe/src/follow";
import { DNSBLS } from "@chappe/src/sending";
import type { Config } from "@chappe/src/runtime";
import type { Surroundings } from "../run.ts";
import { checkingDns } from "./domains.ts";

/** Resolves when the process is asked to stop, and nothing is under way. */
export function keep(
  { config, station, logger, metrics, signal }: Surroundings,
  sending: LiveSending,
): Promise<void> {
  return runKeeper({
    station,
    sending,
    lists: listsOf(zones(config)),
    dns: checkingDns(config),
    now: Date.now,
    random: Math.random,
    logger,
    metrics,
    signal,
  });
}

/** Where nothing is said, those that receivers go by; on the Internet only, as nobody else is judged. */
function zones({ blockLists, delivery }: Config): readonly string[] {
  return blockLists ?? (delivery.kind === "internet" ? DNSBLS.map(({ zone }) => zone) : []);
}
