/** Opens a session with one of a target's hosts: by preference, each of its addresses in turn. */
import { createTtlCache } from "@chappe/src/dns";
import type { Origin } from "./destination.ts";
import { shuffled } from "./mx.ts";
import type { Outcome } from "./outcome.ts";
import { type Endpoint, type Manner, openSession, type Session } from "./smtp/mod.ts";
import { SmtpRefusedError, SmtpTlsError } from "./smtp/mod.ts";
import type { Target } from "./target.ts";
import { messageOf } from "@chappe/src/runtime";

/** Addresses tried before giving up for now (RFC 5321 §5.1 asks for two at the least). */
const MAX_TRIES = 5;
/** How long a host whose TLS is broken is spoken to in clear, ms. */
const TLS_BROKEN_MS = 3_600_000;
const TLS_BROKEN_MAX = 10_000;

export type Connect = (target: Target, origin: Origin) => Promise<Session | Failure>;
export type Failure = Outcome & { kind: "answered" | "failed" };

export function createConnector(
  { now, random, ...manner }: Omit<Manner, "startTls" | "hostname"> & {
    now: () => number;
    random: () => number;
  },
): Connect {
  const tlsBroken = createTtlCache<true>({ max: TLS_BROKEN_MAX, now });

  /** Encrypted where it is offered; in clear, over a new connection, where it turns out broken. */
  async function open(endpoint: Endpoint, hostname: string): Promise<Session> {
    const startTls = tlsBroken.get(endpoint.host) === undefined;
    try {
      return await openSession(endpoint, { ...manner, hostname, startTls });
    } catch (error) {
      if (!(error instanceof SmtpTlsError)) throw error;
      tlsBroken.set(endpoint.host, true, TLS_BROKEN_MS);
      return await openSession(endpoint, { ...manner, hostname, startTls: false });
    }
  }

  return async (target, { address: source, ehlo }) => {
    const failures: Failure[] = [];
    let tries = 0;
    for (const host of shuffled(target.hosts.groups, random)) {
      const addresses = await target.addresses(host, source);
      if ("error" in addresses) {
        failures.push({ kind: "failed", ...addresses, host: null, tls: null });
        continue;
      }
      for (const address of addresses) {
        if (tries++ >= MAX_TRIES) break;
        try {
          return await open({ host, address, port: target.port, source }, ehlo);
        } catch (error) {
          failures.push(failureOf(error, host));
        }
      }
    }
    return weightiest(failures);
  };
}

function failureOf(error: unknown, host: string): Failure {
  if (error instanceof SmtpRefusedError) {
    const { reply } = error;
    return { kind: "answered", reply, taken: false, early: true, host, tls: null };
  }
  return { kind: "failed", enhanced: "4.4.1", error: messageOf(error), host: null, tls: null };
}

/** What a server said tells more than a connection that was not had; "for good" only if all are. */
function weightiest(failures: readonly Failure[]): Failure {
  return failures.find((f) => f.kind === "answered") ??
    failures.find((f) => f.kind === "failed" && f.enhanced.startsWith("4")) ??
    failures[0]!;
}
