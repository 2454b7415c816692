/** One transaction: the copy is made, sent, and what the server says is taken down. */
import { isAscii } from "../smtp/address.ts";
import { LogUnavailableError } from "@chappe/src/log";
import { messageOf } from "@chappe/src/runtime";
import type { Preparer } from "../job.ts";
import { domainOf } from "../routing/mod.ts";
import type { Outcome } from "./outcome.ts";
import type { Send } from "./pool.ts";

export function createSend(
  { preparer, ready, now, cut }: {
    preparer: Preparer;
    /** Resolves when outcomes can be recorded: nothing is sent before. */
    ready: () => Promise<void>;
    now: () => number;
    /** Aborted when connections are cut: what was under way then is unknown, not failed. */
    cut: AbortSignal;
  },
): Send {
  return async (session, task) => {
    const job = task.claim.data;
    task.startedAt ||= now();
    try {
      await ready();
      task.copy ??= await preparer.prepare(job);
    } catch (error) {
      return cut.aborted ? { kind: "undone" } : { kind: "unprepared", error };
    }
    const { host, tls } = session;
    // A server may close a connection that was idle for long, or has had its number of messages: as
    // long as the message itself was not sent, that is no attempt. What was begun counts for its
    // address all the same, so where all are counted it is chosen for anew.
    const stale = () => session.count > 1 && !session.contentSent;
    const repeat = () => task.begun && task.route.beginBy !== null ? AGAIN : null;
    try {
      const result = await session.transmit({
        sender: task.copy.mailFrom,
        recipient: asciiDomain(job.recipient),
        data: task.copy.data,
        smtpUtf8: job.accepted.smtputf8,
        begin() {
          const { beginBy } = task.route;
          return task.begun = beginBy === null || now() <= beginBy;
        },
        beforeEnd: task.route.note,
      });
      if (result.kind === "not-begun") return AGAIN;
      // Somebody else has the copy by now, or its hour is over.
      if (result.kind === "not-ended") return { kind: "undone" };
      if (result.kind === "unsendable") return { ...result, kind: "failed", host, tls };
      if (result.reply.code === 421 && stale()) return repeat();
      return { ...result, kind: "answered", early: false, host, tls };
    } catch (error) {
      if (cut.aborted || error instanceof LogUnavailableError) return { kind: "undone" };
      if (stale()) return repeat();
      return { kind: "failed", enhanced: "4.4.2", error: messageOf(error), host, tls };
    }
  };
}

const AGAIN: Outcome = { kind: "again" };

/** Spares servers without SMTPUTF8 a domain in U-labels, when the local part does not need it anyway. */
function asciiDomain(address: string): string {
  const local = address.slice(0, address.lastIndexOf("@"));
  return isAscii(local) && local !== "" ? `${local}@${domainOf(address)}` : address;
}
