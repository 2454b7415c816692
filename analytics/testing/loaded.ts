/** For tests: questions over events that a loader brought into ClickHouse. */
import type { ClickHouseClient } from "@clickhouse/client";
import type { Event } from "@chappe/src/events";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { rebuild } from "../load/rebuild/rebuild.ts";
import { createQueries } from "../queries/mod.ts";
import type { Queries } from "../queries/port.ts";
import { createMemoryLog, fill } from "./memory_log.ts";

export async function loaded(
  client: ClickHouseClient,
  events: readonly Event[],
): Promise<Queries> {
  const log = createMemoryLog();
  fill(log, events, 20);
  await rebuild({
    events: log,
    client,
    maxRows: 150,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  return createQueries(client);
}
