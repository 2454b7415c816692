/** What stands in `deploy/` asks of the platform only what the platform tells. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { createBuilder } from "../analytics/queries/compiler.ts";
import { viewBodies } from "../analytics/sql/views.ts";
import { migrate } from "@chappe/analytics";
import { startTestClickHouse } from "@chappe/src/embedded";

const root = dirname(import.meta.dirname!);
const read = (path: string) => Deno.readTextFile(join(root, path));

interface Dashboard {
  panels: { title: string; targets: { rawSql?: string; expr?: string }[] }[];
}
const targetsOf = async (path: string) =>
  (JSON.parse(await read(path)) as Dashboard).panels.flatMap(({ title, targets }) =>
    targets.map((target) => ({ title, ...target }))
  );

/** Names of metrics in the code, as they are given to the registry. */
async function registered(): Promise<Set<string>> {
  const found = new Set<string>();
  const walk = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
      const path = `${folder}/${name}`;
      if (isDirectory) await walk(path);
      else if (/(?<!_test)\.ts$/.test(name)) {
        const calls = /\b(?:count|gauges?|observe|sample)\(\s*"(chappe_\w+)"/g;
        for (const [, metric] of (await read(path)).matchAll(calls)) found.add(metric!);
      }
    }
  };
  for (const folder of ["src", "ingest", "analytics", "edge-tracking", "console", "main"]) {
    await walk(folder);
  }
  return found;
}

Deno.test("alerts and dashboards name only metrics that there are", async () => {
  const known = await registered();
  assert(known.size > 30);
  const alerts = await read("deploy/prometheus/alerts.yml");
  const panels = await targetsOf("deploy/grafana/platform.json");
  const texts = [
    ...alerts.matchAll(/expr: (?:>-\n)?([^]*?)\n {8}(?:for|labels):/g).map(([, expr]) => expr!),
    ...panels.map(({ expr }) => expr!),
  ];
  assert.equal(texts.length, alerts.match(/- alert:/g)!.length + panels.length);
  for (const text of texts) {
    const names = [...text.matchAll(/chappe_\w+/g)].map(([name]) => name.replace(/_bucket$/, ""));
    assert(names.length > 0, text);
    for (const name of names) assert(known.has(name), `${name}: ${text}`);
  }
});

Deno.test("every query of the dashboard is answered by the real engine", async () => {
  await using engine = await startTestClickHouse();
  const { client } = engine;
  await migrate(client);
  await client.command({ query: "CREATE DATABASE views ENGINE = Memory" });
  for (const [name, body] of Object.entries(viewBodies(createBuilder("chappe")))) {
    await client.command({ query: `CREATE VIEW views.${name} AS ${body}` });
  }
  const targets = await targetsOf("deploy/grafana/mail.json");
  assert(targets.length > 10);
  for (const { title, rawSql } of targets) {
    const query = rawSql!
      // The tool's user has the views as its database.
      .replace(/\b(FROM|JOIN) (?=\w)/g, "$1 views.")
      .replace(/\$__timeFilter\((\w+)\)/g, "$1 >= toDateTime(0) AND $1 <= toDateTime(2000000000)")
      .replace(
        /\$__timeInterval\((\w+)\)/g,
        "toStartOfInterval(toDateTime($1), INTERVAL 3600 second)",
      );
    assert(!query.includes("$"), query);
    const result = await client.query({ query, format: "JSONCompactEachRow" });
    assert(Array.isArray(await result.json()), title);
  }
});
