/** Loaders on replicated tables, killed at any moment: what stands at last is exactly the log. */
import assert from "node:assert/strict";
import { createQueries, readingDatabase } from "@chappe/analytics";
import { openClickHouse } from "@chappe/src/embedded";
import { dropSchema } from "../../analytics/schema/migrate.ts";
import { catchUp } from "../../analytics/testing/catch_up.ts";
import { naive } from "../../analytics/testing/naive.ts";
import { hitCounts, naiveHitCounts } from "../../analytics/testing/tables.ts";
import { ACCOUNTS, randomness } from "../../analytics/testing/traffic.ts";
import { CLUSTER, clusterConfig, serverOf } from "./cluster.ts";
import { eventsOf, loading } from "./on_cluster.ts";

const CHILD = new URL("replicated_loader.ts", import.meta.url).pathname;
/** Enough that no loader comes to the end of the log. */
const MESSAGES = 700;

/** The engine's library must have been told already that it has no address. */
export async function killLoaders(zookeeper: number, kills: number): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "chappe-replicated-" });
  const random = randomness(99);
  for (let kill = 0; kill < kills; kill++) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", CHILD, path, `${zookeeper}`, `${MESSAGES}`],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const inserted = child.stdout.getReader();
    for (let i = 0; i < 2; i++) assert(!(await inserted.read()).done);
    await new Promise((resolve) => setTimeout(resolve, random() * 100));
    child.kill("SIGKILL");
    await child.status;
    await inserted.cancel();
  }

  const engine = await openClickHouse({ path, config: clusterConfig(zookeeper) });
  const { client } = serverOf(engine, true);
  const options = loading(client, CLUSTER, MESSAGES);
  const count = async (from: string) => {
    const result = await client.query({
      query: `SELECT count() FROM ${from}`,
      format: "JSONCompactEachRow",
    });
    return Number((await result.json<[string]>())[0]![0]);
  };
  let rows = 0;
  const reached = await createQueries(client).position();
  const last = await options.events.lastSeq();
  assert(reached > 0 && reached < last, `${reached} of ${last}`);
  let total = 0;
  for await (const { seq, events } of options.events.read({})) {
    const made = events.reduce(
      (sum, e) => sum + (e.type === "message.accepted" ? e.data.recipients.length : 1),
      0,
    );
    total += made;
    if (seq <= reached) rows += made;
  }
  assert.equal(await count("chappe.facts"), rows);
  await catchUp(options);
  assert.equal(await count(`${readingDatabase("chappe", CLUSTER)}.facts`), total);
  const all = naive(eventsOf(MESSAGES));
  for (const account of ACCOUNTS) {
    assert.deepEqual(await hitCounts(client, account), naiveHitCounts(all, account));
  }
  await dropSchema(client, { cluster: CLUSTER });
  await client.close();
  await Deno.remove(path, { recursive: true });
}
