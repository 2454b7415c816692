/**
 * The sandbox's receiving server: takes mail for any domain into the sandbox mailbox, and acts out
 * what other servers do (see `acts.ts`). It speaks real SMTP, so that delivery is tried for real.
 */
import nodemailer from "nodemailer";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import type { Mailbox } from "@chappe/src/log";
import { inspect } from "@chappe/src/mail";
import { type Logger, messageOf } from "@chappe/src/runtime";
import { actOf } from "./acts.ts";
import { feedbackReport } from "./complaint.ts";

export interface SandboxReceiverOptions {
  /** Port 0 takes a free one. */
  listen: { hostname: string; port: number };
  mailbox: Pick<Mailbox, "put">;
  /** Where complaints are sent. */
  inbound: { hostname: string; port: number };
  /** PEM, for STARTTLS. */
  tls: { cert: string; key: string };
  /** How long `slow…` recipients are waited for, ms. Default 5000. */
  slowMs?: number;
  /** ms UTC. */
  now: () => number;
  logger: Logger;
}

export interface SandboxReceiver {
  readonly address: { hostname: string; port: number };
  close(): Promise<void>;
}

/** First attempts remembered, so that `defer…` is taken at the next one. */
const MAX_REMEMBERED = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

export async function startSandboxReceiver(
  options: SandboxReceiverOptions,
): Promise<SandboxReceiver> {
  const { listen, mailbox, inbound, tls, slowMs = 5000, now, logger } = options;
  const deferred = new Set<string>();
  const reports = nodemailer.createTransport({
    host: inbound.hostname,
    port: inbound.port,
    tls: { rejectUnauthorized: false },
  });

  function firstTime(attempt: string): boolean {
    if (deferred.delete(attempt)) return false;
    deferred.add(attempt);
    if (deferred.size > MAX_REMEMBERED) deferred.delete(deferred.values().next().value!);
    return true;
  }

  async function take(raw: Uint8Array, session: SMTPServerSession): Promise<void> {
    const mailFrom = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
    const recipients = session.envelope.rcptTo.map((r) => r.address);
    const { from, subject } = inspect(raw, "");
    await mailbox.put({
      headers: {
        from: from.join(", "),
        to: recipients.join(", "),
        mailFrom,
        subject,
        tls: session.secure ? "yes" : "no",
      },
      raw,
    });
    if (recipients.some((r) => actOf(r).kind === "slow")) {
      await new Promise((resolve) => setTimeout(resolve, slowMs));
    }
    for (const recipient of recipients.filter((r) => actOf(r).kind === "complain")) {
      complain(mailFrom, recipient, raw);
    }
  }

  function complain(mailFrom: string, recipient: string, raw: Uint8Array): void {
    reports.sendMail({
      envelope: { from: "", to: [mailFrom] },
      raw: Buffer.from(feedbackReport({ mailFrom, recipient, at: now(), raw })),
    }).catch((error) => logger.warn("sandbox-complaint", { error: messageOf(error) }));
  }

  const server = new SMTPServer({
    ...tls,
    banner: "sandbox",
    authOptional: true,
    disabledCommands: ["AUTH"],
    disableReverseLookup: true,
    size: MAX_BYTES,
    logger: false,
    onRcptTo({ address }, session, done) {
      const act = actOf(address);
      const mailFrom = session.envelope.mailFrom ? session.envelope.mailFrom.address : "";
      if (act.kind === "refuse" && (act.times === "always" || firstTime(mailFrom + address))) {
        return done(Object.assign(new Error(act.text), { responseCode: act.code }));
      }
      done();
    },
    onData(stream: SMTPServerDataStream, session, done) {
      const chunks: Uint8Array[] = [];
      stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      stream.on("end", () =>
        take(Buffer.concat(chunks), session).then(
          () => done(null, "2.0.0 kept in the sandbox mailbox"),
          (error) =>
            done(Object.assign(new Error(`4.3.0 ${messageOf(error)}`), { responseCode: 451 })),
        ));
    },
  });
  server.on("error", (error) => logger.warn("sandbox-receiver", { error: messageOf(error) }));
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(listen.port, listen.hostname, resolve);
  });
  const { port } = server.server.address() as { port: number };
  return {
    address: { hostname: listen.hostname, port },
    async close() {
      reports.close();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
