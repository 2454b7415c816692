import assert from "node:assert/strict";

/** Opens an engine, asks it for something that takes ten minutes, and ends while it is at work. */
const PROGRAM = `
import { exitAtOnce, openClickHouse } from "${new URL("./mod.ts", import.meta.url)}";
const client = await openClickHouse({ path: Deno.args[0] });
client.query({ query: "SELECT sleepEachRow(1) FROM numbers(600) SETTINGS max_block_size = 1" }).catch(() => {});
while (!(await busy())) await new Promise((resolve) => setTimeout(resolve, 20));
exitAtOnce(7);

async function busy() {
  const query = "SELECT count() FROM system.processes WHERE query LIKE '%sleepEachRow(1)%' AND query NOT LIKE '%processes%'";
  const result = await client.query({ query, format: "JSONCompactEachRow" });
  return Number((await result.json())[0][0]) > 0;
}
`;

Deno.test("a process ends at once, whatever the engine in it is at", async () => {
  const folder = await Deno.makeTempDir({ prefix: "chappe-test-" });
  try {
    await Deno.writeTextFile(`${folder}/program.ts`, PROGRAM);
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const { code, signal, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--config", config, `${folder}/program.ts`, `${folder}/data`],
      stderr: "piped",
    }).output();
    assert.deepEqual([code, signal], [7, null], new TextDecoder().decode(stderr));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
