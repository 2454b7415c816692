/**
 * The whole platform, two source addresses, and receivers that turn against one of them: what they saw
 * is told by them. A provider puts one address off; recipients complain about mail of the other.
 */
import assert from "node:assert/strict";
import nodemailer from "nodemailer";
import { SMTPServer } from "smtp-server";
import type { Event, EventType } from "@chappe/src/events";
import { connectStation } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { feedbackReport } from "../ingest/sandbox/complaint.ts";
import { eventually, startPlatform } from "./support/platform.ts";

const [DISLIKED, OTHER] = ["127.0.0.21", "127.0.0.22"] as const;
const TSS04 = "4.7.0 [TSS04] Messages from 127.0.0.21 temporarily deferred due to user complaints";

interface Attempt {
  readonly from: string;
  readonly recipient: string;
  readonly mailFrom: string;
  readonly at: number;
  readonly taken: boolean;
}

/** Takes everything, but for what it is told to put off. */
async function startReceiver() {
  const attempts: Attempt[] = [];
  const receiver = {
    attempts,
    /** Whether mail for the provider from the disliked address is put off. */
    putsOff: false,
    port: 0,
    raw: new Map<string, Uint8Array>(),
    taken: () => new Set(attempts.filter(({ taken }) => taken).map(({ recipient }) => recipient)),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onRcptTo({ address }, { remoteAddress: from, envelope }, done) {
      const refused = receiver.putsOff && from === DISLIKED && address.endsWith("@yahoo.com");
      const mailFrom = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
      attempts.push({ from, recipient: address, mailFrom, at: Date.now(), taken: !refused });
      done(refused ? Object.assign(new Error(TSS04), { responseCode: 421 }) : null);
    },
    onData(stream, { envelope }, done) {
      const chunks: Uint8Array[] = [];
      stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      stream.on("end", () => {
        for (const { address } of envelope.rcptTo) receiver.raw.set(address, Buffer.concat(chunks));
        done(null, "kept");
      });
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  receiver.port = (server.server.address() as { port: number }).port;
  return receiver;
}

Deno.test("trouble of an address is seen by the replies and reports it leads to, and acted on", async (t) => {
  await using stack = new AsyncDisposableStack();
  const receiver = await startReceiver();
  stack.defer(() => receiver.close());
  const platform = await startPlatform({
    CHAPPE_DELIVERY: `relay:127.0.0.1:${receiver.port}`,
    CHAPPE_RETURN_DOMAIN: "bounces.chappe.example",
    CHAPPE_RETRY_EARLY: "0.05,0.05,0.05,0.05,0.05",
    CHAPPE_SUBMISSION_TRUSTED: "shop=127.0.0.0/8",
    CHAPPE_SUBMISSION_TLS: "optional",
    CHAPPE_DNSBL: "off",
  });
  stack.defer(() => platform.remove());
  const station = await connectStation({
    url: await Deno.readTextFile(`${platform.data}/data/nats.url`),
    now: Date.now,
    logger: SILENT,
  });
  stack.defer(() => station.close());

  await platform.chappe("account", "create", "shop", "--sender=example.com");
  for (const address of [DISLIKED, OTHER]) {
    await platform.chappe("address", "add", address, "--warm");
  }
  // As the shipped rule, but over after a minute.
  await platform.chappe(
    "shaping",
    "define",
    "yahoo-tss04",
    "--provider=yahoo",
    "--text=TSS04",
    "--within=5m",
    "--for=1m",
    "--suspend=address",
  );

  const transport = nodemailer.createTransport({
    ...platform.submission,
    host: platform.submission.hostname,
    ignoreTLS: true,
    pool: true,
  });
  stack.defer(() => transport.close());
  async function send(name: string, domain: string, count: number): Promise<string[]> {
    const recipients = Array.from({ length: count }, (_, i) => `${name}-${i}@${domain}`);
    await Promise.all(
      recipients.map((to) =>
        transport.sendMail({ from: "news@example.com", to, subject: name, text: "Hello" })
      ),
    );
    return recipients;
  }
  const allTaken = (what: string, recipients: readonly string[]) =>
    eventually(`${what} are taken`, () => {
      const taken = receiver.taken();
      return Promise.resolve(recipients.every((each) => taken.has(each)));
    }, 60_000);
  const eventsOf = async <T extends EventType>(family: "shaping" | "address", type: T) => {
    const commits = await Array.fromAsync(station.events.read({ families: [family] }));
    return commits.flatMap(({ events }) => events).filter((e) => e.type === type) as Event<T>[];
  };
  const since = (at: number) => receiver.attempts.filter((attempt) => attempt.at >= at);
  const sources = (attempts: readonly Attempt[]) =>
    [...new Set(attempts.map(({ from }) => from))].sort();

  await eventually("the account is known", () => send("first", "yahoo.com", 1));

  await t.step(
    "put off at one provider: within seconds the address keeps away from it",
    async () => {
      receiver.putsOff = true;
      const recipients = await send("news", "yahoo.com", 40);
      const [applied] = await eventually("a measure", async () => {
        const all = await eventsOf("shaping", "shaping.applied");
        return all.length > 0 && all;
      });
      const { rule, provider, address, words } = applied!.data;
      assert.deepEqual([rule, provider, address], ["yahoo-tss04", "yahoo", DISLIKED]);
      assert.match(words, /^Nothing from 127\.0\.0\.21 to yahoo for a minute: 3 such replies/);
      // What was put off is taken from the other address, long before the minute is over.
      await allTaken("what was put off", recipients);
      assert(Date.now() < applied!.data.until, "while the measure is in force");
    },
  );

  await t.step(
    "mail to others goes on from it, mail to that one leaves from the other",
    async () => {
      const began = Date.now();
      const [theirs, others] = await Promise.all([
        send("more", "yahoo.com", 20),
        send("elsewhere", "example.org", 20),
      ]);
      await allTaken("both", [...theirs, ...others]);
      const [measure] = await eventsOf("shaping", "shaping.applied");
      const inForce = since(began).filter(({ at }) => at < measure!.data.until);
      const at = (domain: string) =>
        sources(inForce.filter(({ recipient }) => recipient.endsWith(domain)));
      assert.deepEqual(at("@yahoo.com"), [OTHER]);
      // It has the more to spare for others.
      assert(at("@example.org").includes(DISLIKED), "of use elsewhere");
    },
  );

  await t.step("when its time is over the address is used there again", async () => {
    receiver.putsOff = false;
    const expired = await eventually("the end of the measure", async () => {
      const [first] = await eventsOf("shaping", "shaping.expired");
      return first;
    }, 90_000);
    const [applied, ...more] = await eventsOf("shaping", "shaping.applied");
    assert.deepEqual(more, []);
    assert.equal(expired.at, applied!.data.until);
    const began = Date.now();
    await allTaken("all", await send("again", "yahoo.com", 20));
    assert(sources(since(began)).includes(DISLIKED));
  });

  const reports = nodemailer.createTransport({
    host: platform.inbound.hostname,
    port: platform.inbound.port,
    ignoreTLS: true,
  });
  /** Recipients report mail as spam, as a provider's feedback loop sends it. */
  async function complain(about: readonly Attempt[]): Promise<void> {
    for (const { mailFrom, recipient, at } of about) {
      const raw = receiver.raw.get(recipient)!;
      await reports.sendMail({
        envelope: { from: "fbl@provider.example", to: mailFrom },
        raw: Buffer.from(feedbackReport({ mailFrom, recipient, at, raw })),
      });
    }
  }

  await t.step(
    "a burst of complaints pauses the address, and its mail leaves from the other",
    async () => {
      const mine = since(0).filter(({ from, taken }) => taken && from === DISLIKED);
      await complain(mine.slice(0, 5));
      const paused = await eventually("the pause", async () => {
        const [first] = await eventsOf("address", "address.paused");
        return first;
      });
      assert.deepEqual([paused.data.address, paused.data.rule], [DISLIKED, "complaints-1h"]);
      assert.match(paused.data.words, /^5 of \d+ complained/);
      await eventually("the warning", () =>
        Promise.resolve(
          platform.output.split("\n").some((line) =>
            line.includes('"level":"warn","event":"address.paused"') && line.includes(DISLIKED)
          ),
        ));
      const metrics = await (await fetch(`${platform.console}/metrics`)).text();
      assert.match(metrics, /^chappe_alerts_total{rule="complaints-1h"} 1$/m);
      assert.match(metrics, /^chappe_address_state{address="127\.0\.0\.21",state="paused"} 1$/m);

      const began = Date.now();
      await allTaken("all", await send("moved", "example.org", 20));
      assert.deepEqual(sources(since(began)), [OTHER]);
    },
  );

  await t.step("who resumes it is not contradicted by a complaint more", async () => {
    await platform.chappe("address", "resume", DISLIKED);
    const mine = since(0).filter(({ from, taken }) => taken && from === DISLIKED);
    await complain(mine.slice(5, 6));
    const began = Date.now();
    await allTaken("all", await send("back", "example.org", 20));
    assert(sources(since(began)).includes(DISLIKED));
    assert.equal((await eventsOf("address", "address.paused")).length, 1);
  });
});
