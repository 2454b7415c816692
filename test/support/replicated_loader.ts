/**
 * A loader on replicated tables in a process of its own, to be killed. Arguments: directory of the
 * embedded engine, port of ZooKeeper, messages in the log. Writes a line for each insert.
 */
import { runLoader } from "@chappe/analytics";
import { openClickHouse } from "@chappe/src/embedded";
import { loadEngine } from "../../src/embedded/chdb.ts";
import { CLUSTER, clusterConfig, serverOf } from "./cluster.ts";
import { tellNoAddress } from "./interserver.ts";
import { loading } from "./on_cluster.ts";

const [path, zookeeper, messages] = Deno.args as [string, string, string];
await loadEngine();
await tellNoAddress();
const engine = await openClickHouse({ path, config: clusterConfig(Number(zookeeper)) });
const options = loading(serverOf(engine, true).client, CLUSTER, Number(messages));
await runLoader({
  ...options,
  maxRows: 50,
  metrics: {
    ...options.metrics,
    observe: () => Deno.stdout.writeSync(new TextEncoder().encode("inserted\n")),
  },
});
