/** For tests: a station on a nats-server of its own, and things to put into it. */
import { type Event, event, type NewEvent, uuidv7 } from "@chappe/src/events";
import { startTestNats, type TestNats } from "@chappe/src/embedded";
import { connectStation, type Job, type Station } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import type { DeliveryJob } from "./job.ts";
import { domainOf, laneOf, provider } from "./routing/mod.ts";

export interface TestStation extends AsyncDisposable {
  readonly station: Station;
  readonly nats: TestNats;
}

export async function startTestStation(): Promise<TestStation> {
  const nats = await startTestNats();
  const station = await connectStation({ url: nats.url, now: Date.now, logger: SILENT });
  return {
    station,
    nats,
    async [Symbol.asyncDispose]() {
      await station.close();
      await nats[Symbol.asyncDispose]();
    },
  };
}

export function accepted(
  recipients: readonly string[],
  over: { message?: string; account?: string } = {},
): NewEvent<"message.accepted"> {
  const message = over.message ?? uuidv7(Date.now());
  return event(
    "message.accepted",
    { id: uuidv7(Date.now()), account: over.account ?? "demo", at: Date.now(), message },
    {
      sender: "s@example.com",
      recipients: recipients.map((address) => ({ address, kind: "to" as const })),
      from: "s@example.com",
      subject: "x",
      messageId: "1@example.com",
      size: 10,
      body: "b",
      references: {
        billingCode: null,
        customerReference: null,
        attention1: null,
        attention2: null,
        attention3: null,
        attention4: null,
        attention5: null,
        attention6: null,
        attention7: null,
        attention8: null,
      },
      tracking: { mode: "full", opens: true, clicks: true },
      listUnsubscribe: "header",
      smtputf8: false,
      client: { ip: "127.0.0.1", ehlo: "x", tls: null, login: null },
    },
  );
}

/** The job for one recipient of a message of its own. */
export function deliveryJob(recipient: string, over: Partial<DeliveryJob> = {}): Job<DeliveryJob> {
  const { id: cause, message, at, data } = accepted([recipient]);
  const job: DeliveryJob = {
    account: "demo",
    message: message!,
    rcpt: 0,
    recipient,
    kind: "to",
    attempt: 1,
    acceptedAt: at,
    cause,
    recipients: 1,
    accepted: data,
    label: null,
    ...over,
  };
  const lane = laneOf(provider(domainOf(job.recipient)));
  return { id: `${job.message}.${job.rcpt}.${job.attempt}`, lane, data: job };
}

/** Follows a family until `count` events that `wanted` picks are in the log. */
export async function eventsUntil(
  station: Station,
  count: number,
  wanted: (event: Event) => boolean = () => true,
): Promise<Event[]> {
  const found: Event[] = [];
  const enough = new AbortController();
  const commits = station.events.read({
    families: ["delivery"],
    follow: true,
    signal: enough.signal,
  });
  for await (const commit of commits) {
    found.push(...commit.events.filter(wanted));
    if (found.length >= count) break;
  }
  enough.abort();
  return found;
}

/** Resolves when `true`, or fails after a long while. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it never came about");
}
