/**
 * How the cost of what dashboards ask grows with the mail: CPU time at the median, and ms at the 95th
 * percentile, of 1, 10 and 100 million events, over accounts and times as in `bench query`. The law is
 * CPU ~ events ^ exponent, from the first to the last: 0 is no growth, 1 is growth in proportion.
 *
 * `deno task bench growth [events] [directory]` (10,000,000 by default: the middle one). What a run of
 * this or of `bench query` made in the directory is used again. Takes 20 GB and half an hour.
 */
import { DEFAULT_DATABASE } from "../analytics/mod.ts";
import { openClickHouse } from "../src/embedded/mod.ts";
import { at, made, measure, settle, shown, type Times } from "./support/asked.ts";
import { QUESTIONS } from "./support/questions.ts";
import { table } from "./support/report.ts";
import { tenfold } from "./support/tenfold.ts";

const EVENTS = Number(Deno.args[0] ?? 10_000_000);
const KEPT = Deno.args[1];
const ROUNDS = 20;
const LARGE = "tenfold";

const directory = KEPT ?? await Deno.makeTempDir({ prefix: "chappe-bench-growth-" });
await Deno.mkdir(directory, { recursive: true });
const client = await openClickHouse({ path: directory });
await made(client, "small", EVENTS / 10);
await made(client, DEFAULT_DATABASE, EVENTS);
await tenfold(client, { from: DEFAULT_DATABASE, database: LARGE });
await settle(client, LARGE);

const times: Map<string, Times>[] = [];
for (const database of ["small", DEFAULT_DATABASE, LARGE]) {
  times.push(await measure(client, database, ROUNDS));
}
const sizes = [EVENTS / 10, EVENTS, EVENTS * 10].map((events) => `${events / 1e6} M`);
table(
  ["question", ...sizes.flatMap((size) => [`${size}: CPU ms`, "p95 ms"]), "exponent"],
  QUESTIONS.map(({ name }) => {
    const found = times.map((all) => all.get(name)!);
    const cpus = found.map(({ cpu }) => Math.max(at(cpu, 0.5), 1));
    return [
      name,
      ...found.flatMap(({ wall }, i) => [shown(cpus[i]!), shown(at(wall, 0.95))]),
      (Math.log10(cpus[2]! / cpus[0]!) / 2).toFixed(2),
    ];
  }),
);

await client.close();
if (KEPT === undefined) await Deno.remove(directory, { recursive: true });
