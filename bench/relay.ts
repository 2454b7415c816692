/**
 * How fast mail passes through: `smtp-source` → relay → `smtp-sink`, until the last message is
 * delivered. Chappe (tracking on, RSA-2048 DKIM on) and Postfix (as shipped, no signing) in turn, in
 * the same run on the same machine, each on a fresh queue. What counts is the ratio.
 */
import { requireTools } from "./support/tools.ts";
import { startSink } from "./support/sink.ts";
import { startPostfix } from "./support/postfix.ts";
import { startPlatform } from "../test/support/platform.ts";
import { newsletter } from "./support/mail.ts";
import { ratio, table } from "./support/report.ts";
import { through } from "./support/through.ts";

const MESSAGES = Number(Deno.args[0] ?? 5000);
const ROUNDS = 3;

await requireTools({
  "smtp-source": "postfix",
  "smtp-sink": "postfix",
  "postfix": "postfix",
});
const file = await Deno.makeTempFile({ suffix: ".eml" });
// smtp-source puts the CR in itself.
await Deno.writeTextFile(file, newsletter(10_000).replaceAll("\r\n", "\n"));

const rows: (string | number)[][] = [];
const sink = await startSink();
const postfix = await startPostfix(sink.port);
const platform = await startPlatform({
  CHAPPE_DELIVERY: `relay:127.0.0.1:${sink.port}`,
  CHAPPE_SUBMISSION_TRUSTED: "bench=127.0.0.0/8",
  CHAPPE_SUBMISSION_TLS: "optional",
});
try {
  await platform.chappe("account", "create", "bench", "--sender=example.com");
  for (const sessions of [20, 100]) {
    const ratios: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const what = { file, sessions, messages: MESSAGES };
      const theirs = await through(postfix, sink, what);
      const ours = await through(platform.submission, sink, what);
      ratios.push(ours.delivered / theirs.delivered);
      for (const [name, r] of [["postfix", theirs], ["chappe", ours]] as const) {
        rows.push([sessions, round, name, r.accepted.toFixed(0), r.delivered.toFixed(0)]);
      }
    }
    rows.push([sessions, "", "chappe / postfix", "", ratio(ratios)]);
  }
  table(["sessions", "round", "relay", "accepted/s", "delivered/s"], rows);
} finally {
  await platform.remove();
  await postfix.close();
  await sink.close();
  await Deno.remove(file);
}
