/** For tests: intakes on a real log, as those of several nodes, whose appends can go wrong. */
import { type Event, uuidv7 } from "@chappe/src/events";
import type { EventLog, Station } from "@chappe/src/log";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { createIntake, type Handover, type Intake, type IntakeOptions } from "./intake.ts";
import { demoSettings } from "./test_support.ts";

/** An intake of its own, as on another node. */
export function nodeOn(
  { events, bodies, counters, memos }: Station,
  { append, ...changes }: Partial<IntakeOptions> & { append?: EventLog["append"] } = {},
): Intake {
  const now = changes.now ?? Date.now;
  return createIntake({
    hostname: "relay.example.com",
    events: { append: append ?? events.append, read: events.read },
    bodies,
    counters,
    memos,
    settings: { now: demoSettings() },
    optionsHeader: "X-EFIDEM-HEADERS",
    now,
    newId: () => uuidv7(now()),
    logger: SILENT,
    metrics: createMetrics(),
    ...changes,
  });
}

export const RAW =
  "From: Shop <shop@example.com>\r\nTo: A <a@example.net>\r\nCc: b@example.net\r\n" +
  "Subject: Hello\r\n\r\nBody\r\n";

export function handover(
  changes: Partial<Omit<Handover, "raw">> & { raw?: string } = {},
): Handover {
  const { raw = RAW, ...more } = changes;
  return {
    account: "demo",
    sender: "shop@example.com",
    recipients: ["a", "b", "c"].map((name) => ({ address: `${name}@example.net` })),
    client: { ip: "192.0.2.1", ehlo: "", tls: null, login: "api-key:k1" },
    repeat: null,
    ...more,
    raw: new TextEncoder().encode(raw),
  };
}

/** The handover under an Idempotency-Key. */
export const keyed = (key: string, fingerprint = "1") => handover({ repeat: { key, fingerprint } });

/** The log's events about messages, of one type. */
export async function logged<T extends "message.accepted" | "message.rejected">(
  { events }: Station,
  type: T,
): Promise<Event<T>[]> {
  const commits = await Array.fromAsync(events.read({ families: ["message"] }));
  return commits.flatMap((commit) => commit.events).filter((e): e is Event<T> => e.type === type);
}
