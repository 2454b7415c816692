/** Twenty-one kills under load: platform, nats-server and single processes in turn. */
import { crashUnderLoad } from "../support/crash.ts";

const kills = Number(Deno.args[0] ?? 21);
const report = await crashUnderLoad({
  kills,
  senders: 12,
  note: (line) => console.log(`${(performance.now() / 1000).toFixed(0)} s: ${line}`),
});
console.table(report);
Deno.exit(0);
