/**
 * How many hits the edge answers: pixel and redirect, each token verified and each hit appended to
 * the log (fsynced), against nginx's `empty_gif`, which reads and writes nothing; the redirect also
 * against nginx's own (`return 302`). The same requests to both, in turn, at the same number of
 * connections, in the same run. What counts is the ratio. The edge's processes are
 * those of a platform on one machine, started the same way; nginx has as many workers as it is
 * shipped with (one a core). For comparison, one worker; and as it is shipped, with its access log.
 * Who asks says the same in each request, as a mail service's proxy does; and then, of both servers,
 * something else in each. Before, the memory of the edge's processes at 10,000 hits/s; afterwards, the
 * same edge on workerd.
 */
import { startTestNats } from "@chappe/src/embedded";
import { uuidv7 } from "@chappe/src/events";
import { connectStation, type Station } from "@chappe/src/log";
import { mintToken } from "@chappe/src/rules";
import { SILENT } from "@chappe/src/runtime";
import { startEdges } from "../test/support/edges.ts";
import { startWorker } from "../test/support/workerd.ts";
import { residentMb } from "./support/cpu.ts";
import { startNginx } from "./support/nginx.ts";
import { paced } from "./support/paced.ts";
import { ratio, table } from "./support/report.ts";
import { requireTools } from "./support/tools.ts";
import { wrk } from "./support/wrk.ts";

const SECONDS = Number(Deno.args[0] ?? 5);
/** Rates of the same server differ by a quarter from minute to minute: more rounds say more. */
const ROUNDS = Number(Deno.args[1] ?? 3);
const CONNECTIONS = [64, 256];
const SECRET = "a secret that a worker and the core share";
/** Hits/s at which memory is read, and for how long. */
const STEADY = { perSecond: 10_000, seconds: 15 };

await requireTools({ wrk: "wrk", nginx: "nginx-light" });

/** What does not come for so long is lost. A batch that the log did not answer to comes seconds later. */
const QUIET_MS = 15_000;

/** Events in the log that were not there at `after`, each once; waits until `expected` are. */
async function written(station: Station, after: number, expected: number): Promise<number> {
  const ids = new Set<string>();
  let seq = after;
  for (let came = performance.now(); ids.size < expected;) {
    for await (const commit of station.events.read({ families: ["engagement"], after: seq })) {
      for (const { id } of commit.events) ids.add(id);
      seq = commit.seq;
      came = performance.now();
    }
    if (performance.now() - came > QUIET_MS) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return ids.size;
}

const rows: (string | number)[][] = [];
const target = "https://www.example.com/catalogue/winter/boots?utm_source=news&utm_medium=email";
await using single = await startNginx({ workers: 1, isLogging: false, target });
await using silent = await startNginx({ workers: "auto", isLogging: false, target });
await using logging = await startNginx({ workers: "auto", isLogging: true, target });
const peers = [
  { peer: "nginx, 1 worker", port: single.port, agents: "one", answers: "pixel" },
  { peer: "nginx", port: silent.port, agents: "one", answers: "pixel" },
  { peer: "nginx, logging", port: logging.port, agents: "one", answers: "pixel" },
  { peer: "nginx, redirect", port: silent.port, agents: "one", answers: "redirect" },
  { peer: "nginx, many browsers", port: silent.port, agents: "many", answers: "pixel" },
  {
    peer: "nginx, redirect, many browsers",
    port: silent.port,
    agents: "many",
    answers: "redirect",
  },
] as const;
type Peer = typeof peers[number];
await using nats = await startTestNats();
await using edges = await startEdges(nats.url, { CHAPPE_EDGE_SECRET: SECRET });
await using worker = await startWorker({
  INTAKE_URL: `http://127.0.0.1:${edges.port}/intake`,
  EDGE_SECRET: SECRET,
});
const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
const key = await edges.signingKey(station.events);
const base = {
  account: "bench",
  message: uuidv7(Date.now()),
  rcpt: 0,
  tag: 77n,
  mode: "full",
  prepared: Date.now(),
  mailing: null,
} as const;
const paths = {
  pixel: `/o/${mintToken({ ...base, kind: "open" }, key)}`,
  redirect: `/c/${mintToken({ ...base, kind: "click", link: 0, url: target }, key)}`,
};
try {
  const answered = await paced(edges.port, paths.pixel, STEADY.perSecond, STEADY.seconds);
  const memory = await Promise.all(edges.pids.map(residentMb));
  console.log(
    `at ${(answered / STEADY.seconds).toFixed(0)} hits/s: ` +
      `${memory.map((mb) => mb.toFixed(0)).join(" and ")} MB resident, by process`,
  );

  const ours = `http://127.0.0.1:${edges.port}`;
  for (const path of Object.values(paths)) await wrk(ours + path, 64, 2); // warm
  for (const connections of CONNECTIONS) {
    const ratios = new Map<string, number[]>();
    for (let round = 1; round <= ROUNDS; round++) {
      const peerRates: (Peer & { rate: number })[] = [];
      for (const peer of peers) {
        const url = `http://127.0.0.1:${peer.port}${paths[peer.answers]}`;
        const { rate } = await wrk(url, connections, SECONDS, peer.agents);
        peerRates.push({ ...peer, rate });
        rows.push([connections, round, peer.peer, rate.toFixed(0)]);
      }
      for (const agents of ["one", "many"] as const) {
        for (const name of ["pixel", "redirect"] as const) {
          const path = paths[name];
          const before = await station.events.lastSeq();
          const load = await wrk(ours + path, connections, SECONDS, agents);
          const events = await written(station, before, load.requests);
          if (events < load.requests) {
            throw new Error(`${load.requests} answers, but ${events} hits in the log`);
          }
          const browsers = agents === "one" ? "" : ", many browsers";
          rows.push([connections, round, `chappe ${name}${browsers}`, load.rate.toFixed(0)]);
          for (const { peer, rate, answers, agents: theirs } of peerRates) {
            if (theirs !== agents || (name === "pixel" && answers === "redirect")) continue;
            const pair = `${name} / ${peer}`;
            ratios.set(pair, [...ratios.get(pair) ?? [], load.rate / rate]);
          }
        }
      }
    }
    for (const [pair, values] of ratios) rows.push([connections, "", pair, ratio(values)]);
  }
  table(["connections", "round", "server", "answers/s"], rows);

  await wrk(worker.url + paths.pixel, 64, 2); // warm
  const before = await station.events.lastSeq();
  const load = await wrk(worker.url + paths.pixel, 64, SECONDS);
  const arrived = await written(station, before, load.requests);
  console.log(
    `\nworkerd: ${load.rate.toFixed(0)} pixels/s, ${arrived} hits of ${load.requests} in the log`,
  );
} finally {
  await station.close();
}
