/** The projection on a cluster of one server, whose tables are plain ones for want of a ZooKeeper. */
import { startTestClickHouse } from "@chappe/src/embedded";
import { clusterConfig, serverOf } from "./support/cluster.ts";
import { actOnCluster, plainFigures } from "./support/on_cluster.ts";

Deno.test("on a cluster, the figures are those of a single server", async (t) => {
  const expected = await (async () => {
    await using single = await startTestClickHouse();
    return await plainFigures(single.client);
  })();
  await using engine = await startTestClickHouse({ config: clusterConfig(null) });
  await actOnCluster(serverOf(engine.client, false), expected, (name, act) => t.step(name, act));
});
