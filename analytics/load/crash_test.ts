import assert from "node:assert/strict";
import { openClickHouse, startTestNats } from "@chappe/src/embedded";
import { connectStation } from "@chappe/src/log";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { createQueries } from "../queries/mod.ts";
import { catchUp } from "../testing/catch_up.ts";
import { contents, hitCounts, naiveHitCounts } from "../testing/tables.ts";
import { ACCOUNTS, randomness, traffic } from "../testing/traffic.ts";
import { naive } from "../testing/naive.ts";
import { rebuild } from "./rebuild/rebuild.ts";

const KILLS = 20;
const EVENTS = traffic(21, 1_500, Date.UTC(2026, 9, 28));
const CHILD = new URL("../testing/loader_process.ts", import.meta.url).pathname;

Deno.test("killed at any moment, on the real log, the loader leaves exact counts", async () => {
  await using nats = await startTestNats();
  const path = await Deno.makeTempDir({ prefix: "chappe-crash-" });
  const now = () => Date.now();
  const station = await connectStation({ url: nats.url, now, logger: SILENT });
  const random = randomness(99);

  const share = Math.ceil(EVENTS.length / KILLS);
  for (let kill = 0; kill < KILLS; kill++) {
    const part = EVENTS.slice(kill * share, (kill + 1) * share);
    for (let i = 0; i < part.length; i += 20) await station.events.append(part.slice(i, i + 20));
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", CHILD, nats.url, path],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    // Somewhere in the inserts after the first ones.
    const inserted = child.stdout.getReader();
    for (let i = 0; i < 2; i++) await inserted.read();
    await new Promise((resolve) => setTimeout(resolve, random() * 60));
    child.kill("SIGKILL");
    await child.status;
    await inserted.cancel();
  }

  const client = await openClickHouse({ path });
  const counted = async (query: string) => {
    const result = await client.query({ query, format: "JSONCompactEachRow" });
    return Number((await result.json<[string | number]>())[0]![0]);
  };
  const given = {
    events: station.events,
    client,
    now,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
  };
  const queries = createQueries(client);
  const reached = await queries.position();
  assert(reached > 0);
  // What stands there is exactly the log up to that commit.
  let rows = 0;
  let total = 0;
  for await (const { seq, events } of station.events.read({})) {
    const made = events.reduce(
      (sum, e) => sum + (e.type === "message.accepted" ? e.data.recipients.length : 1),
      0,
    );
    total += made;
    if (seq <= reached) rows += made;
  }
  assert.equal(await counted("SELECT count() FROM chappe.facts"), rows);

  await catchUp(given);
  assert.equal(await counted("SELECT count() FROM chappe.facts"), total);
  // So that no day passes for counted that is not.
  assert.equal(
    await counted(`SELECT count() FROM
      (SELECT account, day, max(seq) AS last FROM chappe.facts WHERE rcpt >= 0 GROUP BY ALL) f
      LEFT JOIN (SELECT account, day, max(touched) AS seen FROM chappe.days GROUP BY ALL) d
      USING (account, day) WHERE last != seen`),
    0,
  );
  const all = naive(EVENTS);
  for (const account of ACCOUNTS) {
    assert.deepEqual(await hitCounts(client, account), naiveHitCounts(all, account));
  }
  const after = await contents(client);
  const comparison = await rebuild({ ...given, onProgress: () => {} });
  assert.deepEqual(comparison!.differences, []);
  assert.deepEqual(await contents(client), after);

  await client.close();
  await station.close();
  await Deno.remove(path, { recursive: true });
});
