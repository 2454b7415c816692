/**
 * For tests: a loader in a process of its own, to be killed. Arguments: URL of NATS, directory of the
 * embedded engine. Writes a line for each insert.
 */
import { openClickHouse } from "@chappe/src/embedded";
import { connectStation } from "@chappe/src/log";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { runLoader } from "../load/loader.ts";

const [url, path] = Deno.args as [string, string];
const now = () => Date.now();
const station = await connectStation({ url, now, logger: SILENT });
const metrics = createMetrics();
await runLoader({
  events: station.events,
  client: await openClickHouse({ path }),
  maxRows: 100,
  maxWaitMs: 1,
  now,
  logger: SILENT,
  metrics: {
    ...metrics,
    observe: () => Deno.stdout.writeSync(new TextEncoder().encode("inserted\n")),
  },
  signal: new AbortController().signal,
});
