/**
 * Kills the platform, one of its processes, or its nats-server again and again under load, and
 * compares what senders were told, what the log holds, what the receiver got and what ClickHouse
 * counts.
 */
import assert from "node:assert/strict";
import SMTPConnection from "nodemailer/lib/smtp-connection/index.js";
import { connectStation } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { eventually, type Platform, startPlatform } from "./platform.ts";
import { startReceiver } from "./receiver.ts";

export interface CrashReport {
  kills: number;
  answered250: number;
  lost: number;
  duplicates: number;
  inFlightAtKills: number;
  /** Copies sent twice although their outcome stood in the log before any kill. */
  unexplained: number;
}

/** Runs until `kills` kills have happened and all is delivered. Throws when something is not as promised. */
export async function crashUnderLoad(
  { kills, senders, note }: { kills: number; senders: number; note: (line: string) => void },
): Promise<CrashReport> {
  const receiver = await startReceiver();
  const env = {
    CHAPPE_DELIVERY: `relay:127.0.0.1:${receiver.port}`,
    CHAPPE_SUBMISSION_TRUSTED: "crash=127.0.0.0/8",
    CHAPPE_SUBMISSION_TLS: "optional",
  };
  let platform = await startPlatform(env);
  try {
    const account = JSON.parse(
      await platform.chappe("account", "create", "crash", "--sender=example.com", "--json"),
    ) as { apiKey: string };

    const accepted = new Set<string>();
    const load = startLoad(platform.submission.port, senders, accepted);
    const killings: Killing[] = [];
    for (let i = 1; i <= kills; i++) {
      const before = accepted.size;
      await eventually(
        "mail is taken in",
        () => Promise.resolve(accepted.size > before + 20),
        60_000,
      );
      await new Promise((resolve) => setTimeout(resolve, 1000 + Math.random() * 2000));
      const what = ["platform", "nats-server", "process"][i % 3]!;
      note(`kill ${i} of ${kills}: ${what}; ${accepted.size} accepted so far`);
      const from = Date.now();
      if (what === "platform") await platform.kill();
      else if (what === "nats-server") await killNats(platform);
      else await killAndWait(await anyChildOf(platform));
      killings.push({ from, to: Date.now() });
      if (what === "platform") platform = await startPlatform(env, platform);
    }
    await load.stop();
    note(`${accepted.size} answered 250; waiting for the rest to arrive`);
    await eventually(
      "everything that was answered 250 arrives",
      () => Promise.resolve([...accepted].every((copy) => receiver.arrivals.has(copy))),
      180_000,
    ).catch(() => {});

    const lost = [...accepted].filter((copy) => !receiver.arrivals.has(copy)).length;
    const twice = [...receiver.arrivals].filter(([, times]) => times.length > 1);
    const duplicates = twice.reduce((n, [, times]) => n + times.length - 1, 0);
    const log = await readLog(platform);
    for (const [reason, times] of log.deferred) note(`deferred ${times} times: ${reason}`);
    const inFlight = inFlightAt(killings, receiver.arrivals, log.delivered);
    const unexplained = twice.filter(([copy]) => !inFlight.has(copy)).map(([copy]) => copy);
    await compareWithClickHouse(platform, account.apiKey, log);
    const report = {
      kills,
      answered250: accepted.size,
      lost,
      duplicates,
      inFlightAtKills: inFlight.size,
      unexplained: unexplained.length,
    };
    assert.equal(lost, 0, JSON.stringify(report));
    assert(duplicates <= inFlight.size, JSON.stringify(report));
    assert.deepEqual(unexplained, [], "copies sent twice that no kill explains");
    return report;
  } finally {
    await platform.remove();
    await receiver.close();
  }
}

/** Senders that send one mail after another and note which were answered 250. */
function startLoad(port: number, senders: number, accepted: Set<string>) {
  let running = true;
  const sender = async (name: number) => {
    for (let i = 0; running; i++) {
      const copy = `${name}-${i}`;
      try {
        await sendOne(port, copy);
        accepted.add(copy);
      } catch {
        // Refused or cut off: this one was not promised. Give the platform time to come back.
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  };
  const all = Array.from({ length: senders }, (_, name) => sender(name));
  return {
    async stop() {
      running = false;
      await Promise.all(all);
    },
  };
}

function sendOne(port: number, copy: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const connection = new SMTPConnection({
      host: "127.0.0.1",
      port,
      ignoreTLS: true,
      connectionTimeout: 5_000,
      greetingTimeout: 5_000,
      socketTimeout: 15_000,
    });
    const fail = (error: Error) => {
      connection.close();
      reject(error);
    };
    connection.on("error", fail);
    connection.on("end", () => fail(new Error("connection ended")));
    connection.connect(() => {
      const envelope = { from: "crash@example.com", to: ["reader@example.net"] };
      const message = `From: crash@example.com\r\nTo: reader@example.net\r\nX-Copy: ${copy}\r\n` +
        `Subject: copy ${copy}\r\nContent-Type: text/html\r\n\r\n` +
        `<p><a href="https://example.org/${copy}">link</a></p>\r\n`;
      connection.send(envelope, message, (error) => {
        if (error) return fail(error);
        connection.quit();
        resolve();
      });
    });
  });
}

/** From the signal until what it killed was gone; of the log, until there was one again. */
interface Killing {
  /** ms UTC. */
  from: number;
  to: number;
}

async function killAndWait(pid: number): Promise<void> {
  Deno.kill(pid, "SIGKILL");
  await eventually(
    `process ${pid} is gone`,
    () => Deno.stat(`/proc/${pid}`).then(() => false, () => true),
  );
}

async function killNats(platform: Platform): Promise<void> {
  const pid = await platform.natsPid();
  Deno.kill(pid, "SIGKILL");
  await eventually("a new nats-server", async () => await platform.natsPid() !== pid);
}

async function anyChildOf(platform: Platform): Promise<number> {
  const children = (await Deno.readTextFile(`/proc/${platform.pid}/task/${platform.pid}/children`))
    .trim().split(" ").map(Number);
  const deno = [];
  for (const pid of children) {
    if ((await Deno.readTextFile(`/proc/${pid}/cmdline`)).includes("--supervised")) deno.push(pid);
  }
  return deno[Math.floor(Math.random() * deno.length)]!;
}

interface LogCounts {
  sent: number;
  /** What copies were deferred for, and how often: a crash of ours should defer none for long. */
  deferred: Map<string, number>;
  /** `X-Copy` → when its first `delivery.delivered` was recorded. */
  delivered: Map<string, number>;
}

async function readLog(platform: Platform): Promise<LogCounts> {
  const station = await connectStation({
    url: await Deno.readTextFile(`${platform.data}/data/nats.url`),
    now: Date.now,
    logger: SILENT,
  });
  try {
    const copies = new Map<string, string>();
    const delivered = new Map<string, number>();
    const deferred = new Map<string, number>();
    for await (const commit of station.events.read({ families: ["message", "delivery"] })) {
      for (const event of commit.events) {
        if (event.type === "message.accepted") {
          copies.set(event.message!, event.data.subject.slice("copy ".length));
        } else if (event.type === "delivery.delivered") {
          const copy = copies.get(event.message!)!;
          if (!delivered.has(copy)) delivered.set(copy, event.recorded);
        } else if (event.type === "delivery.deferred") {
          const { reply, error } = event.data;
          const reason = reply === null ? String(error) : `${reply.code} ${reply.text}`;
          deferred.set(reason, (deferred.get(reason) ?? 0) + 1);
        }
      }
    }
    return { sent: copies.size, delivered, deferred };
  } finally {
    await station.close();
  }
}

/** Copies that the receiver had taken while their outcome was not yet in the log, at any of the kills. */
function inFlightAt(
  killings: readonly Killing[],
  arrivals: ReadonlyMap<string, readonly number[]>,
  delivered: ReadonlyMap<string, number>,
): Set<string> {
  // `recorded` is when a commit was packed; it is durable a little later.
  const slack = 250;
  const found = new Set<string>();
  for (const [copy, [first]] of arrivals) {
    const known = delivered.get(copy) ?? Infinity;
    if (killings.some(({ from, to }) => first! <= to + slack && known >= from - slack)) {
      found.add(copy);
    }
  }
  return found;
}

async function compareWithClickHouse(platform: Platform, apiKey: string, log: LogCounts) {
  const headers = { authorization: `Bearer ${apiKey}` };
  const expected = { sent: log.sent, delivered: log.delivered.size };
  let total: unknown;
  await eventually("ClickHouse counts what the log holds", async () => {
    const response = await fetch(`${platform.console}/api/v1/stats`, { headers });
    const { total: t } = await response.json() as { total: { sent: number; delivered: number } };
    total = { sent: t.sent, delivered: t.delivered };
    return t.sent === expected.sent && t.delivered === expected.delivered;
  }, 60_000).catch(() => assert.deepEqual(total, expected));
}
