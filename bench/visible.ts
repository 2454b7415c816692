/**
 * How soon a click is visible: hits are appended to the log at a steady rate (2,000 a second by
 * default), as the edge appends them, a loader brings them into ClickHouse, and twenty times a second
 * a message of another account, and a click on it, are appended; that account's latest messages are
 * asked for all the time, and a click is visible when its message is first listed as clicked. Loader
 * and questions in a process of their own, as on a platform. Prints the times, the rate that was
 * reached, and the memory of the loader's process with its engine.
 *
 * `deno task bench visible [hits a second] [seconds]`
 */
import { event, MessageReferencesSchema, uuidv7 } from "../src/events/mod.ts";
import { startTestNats } from "../src/embedded/mod.ts";
import { connectStation } from "../src/log/mod.ts";
import { SILENT } from "../src/runtime/mod.ts";
import { startVisible } from "./support/visible.ts";
import { table } from "./support/report.ts";

const RATE = Number(Deno.args[0] ?? 2_000);
const SECONDS = Number(Deno.args[1] ?? 30);
const TICK_MS = 50;
const WATCHED_EVERY_MS = 50;
/** What is not visible after so long counts as that long. */
const MOST_MS = 30_000;
const ACCOUNT = "bench";
const WATCHED = "watched";
const AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 " +
  "(KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

await using nats = await startTestNats();
const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });

function accepted(account: string, message: string) {
  return event("message.accepted", {
    id: uuidv7(Date.now()),
    account,
    at: Date.now(),
    message,
  }, {
    sender: "news@example.com",
    recipients: [{ address: "reader@example.net", kind: "to" }],
    from: "news@example.com",
    subject: "Boots",
    messageId: `${message}@example.com`,
    size: 1000,
    body: "b",
    references: MessageReferencesSchema.parse({}),
    tracking: { mode: "full", opens: true, clicks: true },
    listUnsubscribe: "header",
    smtputf8: false,
    client: { ip: "127.0.0.1", ehlo: "client", tls: null, login: "bench" },
  });
}

let serial = 0;
function clicked(account: string, message: string) {
  return event("engagement.clicked", {
    id: uuidv7(Date.now()),
    account,
    at: Date.now(),
    message,
    rcpt: 0,
  }, {
    mode: "full",
    userAgent: AGENT,
    hints: { "accept-language": "fr-FR,fr;q=0.9" },
    ip: `192.0.${serial++ % 250}.0`,
    sinceSent: 60_000,
    link: 0,
    url: "https://www.example.com/catalogue/winter/boots",
  });
}

const messages = Array.from({ length: 20_000 }, () => uuidv7(Date.now()));
for (let i = 0; i < messages.length; i += 500) {
  await station.events.append(
    messages.slice(i, i + 500).map((message) => accepted(ACCOUNT, message)),
  );
}
const clickedAt = new Map<string, number>();
const times: number[] = [];
await using visible = await startVisible(nats.url, WATCHED, (message) => {
  times.push(performance.now() - clickedAt.get(message)!);
  clickedAt.delete(message);
});

let appended = 0;
const appending: Promise<unknown>[] = [];
const started = performance.now();
const load = setInterval(() => {
  const due = Math.floor((performance.now() - started) / 1000 * RATE) - appended;
  const hits = Array.from(
    { length: Math.max(0, due) },
    () => clicked(ACCOUNT, messages[appended++ % messages.length]!),
  );
  if (hits.length > 0) appending.push(station.events.append(hits));
}, TICK_MS);

const watching: Promise<void>[] = [];
async function watch(): Promise<void> {
  const message = uuidv7(Date.now());
  await station.events.append([accepted(WATCHED, message)]);
  clickedAt.set(message, performance.now());
  await station.events.append([clicked(WATCHED, message)]);
}
while (performance.now() < started + SECONDS * 1000) {
  watching.push(watch());
  await new Promise((resolve) => setTimeout(resolve, WATCHED_EVERY_MS));
}
clearInterval(load);
await Promise.all([...appending, ...watching]);
for (const end = performance.now() + MOST_MS; clickedAt.size > 0 && performance.now() < end;) {
  await new Promise((resolve) => setTimeout(resolve, 100));
}
times.push(...Array.from(clickedAt.values(), () => MOST_MS));

times.sort((a, b) => a - b);
const at = (share: number) =>
  `${Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]!)} ms`;
const rate = Math.round(appended / SECONDS).toLocaleString("en");
console.log(`${rate} hits a second for ${SECONDS} s; ${times.length} clicks watched:`);
table(["median", "p95", "p99", "longest", "loader + engine"], [[
  at(0.5),
  at(0.95),
  at(0.99),
  at(1),
  `${Math.round(await visible.memoryMb())} MB`,
]]);
await station.close();
