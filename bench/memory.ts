/**
 * Memory of the whole platform, process by process: at rest, and after each fifty thousand messages
 * passed through to `smtp-sink`. It must not grow with the number of messages ever sent.
 */
import { startPlatform } from "../test/support/platform.ts";
import { newsletter } from "./support/mail.ts";
import { table } from "./support/report.ts";
import { startSink } from "./support/sink.ts";
import { requireTools } from "./support/tools.ts";

const STEP = Number(Deno.args[0] ?? 50_000);
const STEPS = 3;

await requireTools({ "smtp-source": "postfix", "smtp-sink": "postfix" });
const file = await Deno.makeTempFile({ suffix: ".eml" });
await Deno.writeTextFile(file, newsletter(10_000).replaceAll("\r\n", "\n"));
const sink = await startSink();
const platform = await startPlatform({
  CHAPPE_DELIVERY: `relay:127.0.0.1:${sink.port}`,
  CHAPPE_SUBMISSION_TRUSTED: "bench=127.0.0.0/8",
  CHAPPE_SUBMISSION_TLS: "optional",
});

/** Resident MB by process; what children are called comes from their command line. */
async function memory(): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const visit = async (pid: number) => {
    const args = (await Deno.readTextFile(`/proc/${pid}/cmdline`)).split("\0").filter(Boolean);
    const roles = args.indexOf("--supervised");
    const name = roles > 0
      ? args.slice(roles + 1).join("+")
      : args[0]!.includes("nats-server")
      ? "nats-server"
      : args.some((a) => a.endsWith("main.ts"))
      ? "supervisor"
      : null;
    const rss = /^VmRSS:\s+(\d+)/m.exec(await Deno.readTextFile(`/proc/${pid}/status`));
    if (name !== null) found.set(name, (found.get(name) ?? 0) + Number(rss![1]) / 1024);
    const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
    for (const child of children.split(" ").filter(Boolean)) await visit(Number(child));
  };
  await visit(platform.pid);
  return found;
}

try {
  await platform.chappe("account", "create", "bench", "--sender=example.com");
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const readings = [await memory()];
  for (let step = 1; step <= STEPS; step++) {
    const { success, stderr } = await new Deno.Command("smtp-source", {
      args: [
        ...["-F", file, "-s", "50", "-m", `${STEP}`, "-f", "news@example.com"],
        ...["-t", "reader@example.net", `127.0.0.1:${platform.submission.port}`],
      ],
      stderr: "piped",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    while (sink.received() < step * STEP) await new Promise((r) => setTimeout(r, 100));
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    readings.push(await memory());
  }
  const names = [...readings[0]!.keys()];
  const total = (reading: Map<string, number>) => [...reading.values()].reduce((a, b) => a + b);
  table(
    ["process, MB", "at rest", ...readings.slice(1).map((_, i) => `after ${(i + 1) * STEP}`)],
    [
      ...names.map((name) => [name, ...readings.map((r) => (r.get(name) ?? 0).toFixed(0))]),
      ["all", ...readings.map((r) => total(r).toFixed(0))],
    ],
  );
} finally {
  await platform.remove();
  await sink.close();
  await Deno.remove(file);
}
