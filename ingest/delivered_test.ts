import assert from "node:assert/strict";
import { event, type EventData, type NewEvent, uuidv7 } from "@chappe/src/events";
import { connectStation, type EventLog } from "@chappe/src/log";
import { startTestNats } from "@chappe/src/embedded";
import { SILENT } from "@chappe/src/runtime";
import { type CopyKey, createFindDelivered } from "./delivered.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 5, 1);

const copyAt = (at: number): CopyKey => ({ account: "shop", message: uuidv7(at), rcpt: 0 });
const route = (address: string | null) => ({
  attempt: 1,
  address,
  pool: "acme",
  provider: "yahoo",
  domain: "yahoo.com",
  mx: "mx.example",
  tls: null,
  tookMs: 1,
  why: { rule: "own-pool" },
});
const reply = { code: 250, enhanced: null, text: "ok" };
type Type =
  | "delivery.delivered"
  | "delivery.deferred"
  | "delivery.bounced"
  | "delivery.held"
  | "delivery.suppressed";

function fact<T extends Type>(type: T, copy: CopyKey, at: number, data: EventData<T>): NewEvent {
  return event(type, { id: uuidv7(at), at, ...copy }, data) as NewEvent;
}
const delivered = (copy: CopyKey, at: number, address: string | null = "192.0.2.1") =>
  fact("delivery.delivered", copy, at, { ...route(address), reply });
const deferred = (copy: CopyKey, at: number, nextAttemptAt: number) =>
  fact("delivery.deferred", copy, at, {
    ...route("192.0.2.9"),
    reply: { ...reply, code: 451 },
    error: null,
    class: "rate",
    nextAttemptAt,
  });
const held = (copy: CopyKey, at: number, until: number) =>
  fact("delivery.held", copy, at, {
    attempt: 1,
    until,
    provider: "yahoo",
    domain: "yahoo.com",
    why: { rule: "no-address-free" },
  });
const bounced = (copy: CopyKey, at: number, mode: "sync" | "async") =>
  fact("delivery.bounced", copy, at, {
    ...route(mode === "sync" ? "192.0.2.1" : null),
    reply: null,
    error: null,
    class: "spam",
    kind: "hard",
    mode,
  });

/** A real log whose clock is what the events say; counts what is read of it. */
async function withLog(
  facts: readonly NewEvent[],
  check: (log: Pick<EventLog, "read"> & { readings: number; seen: number }) => Promise<void>,
): Promise<void> {
  await using nats = await startTestNats();
  let now = START;
  const station = await connectStation({ url: nats.url, now: () => now, logger: SILENT });
  try {
    for (const each of facts.toSorted((a, b) => a.at - b.at)) {
      now = each.at;
      await station.events.append([each]);
    }
    const log = {
      readings: 0,
      seen: 0,
      async *read(options: Parameters<EventLog["read"]>[0]) {
        log.readings++;
        for await (const commit of station.events.read(options)) {
          log.seen += commit.events.length;
          yield commit;
        }
      },
    };
    await check(log);
  } finally {
    await station.close();
  }
}

Deno.test("a copy's way is found from its message's time, by all who ask, once", async () => {
  const copies = Array.from({ length: 20 }, (_, i) => copyAt(START + i));
  const facts = copies.map((copy, i) => delivered(copy, START + 1000 + i, `192.0.2.${i}`));
  await withLog(facts, async (log) => {
    const find = createFindDelivered(log);
    const found = await Promise.all([...copies, ...copies].map(find));
    assert.deepEqual(found[7], {
      account: "shop",
      address: "192.0.2.7",
      pool: "acme",
      provider: "yahoo",
    });
    assert(found.every((each, i) => each?.address === `192.0.2.${i % 20}`));
    assert.deepEqual(await find(copies[3]!), found[3]);
    assert.equal(log.readings, 1);
    assert.equal(await find({ ...copies[3]!, account: "other" }), null, "another's message");
    assert.equal(await find({ ...copies[3]!, rcpt: 1 }), null, "no such copy");
  });
});

Deno.test("attempts lead from one to the next, past all that lies between", async () => {
  const copy = copyAt(START);
  const others = Array.from({ length: 50 }, (_, i) => copyAt(START + (i + 2) * 5 * MINUTE));
  const facts = [
    ...others.map((other, i) => delivered(other, START + (i + 2) * 5 * MINUTE)),
    deferred(copy, START + 10, START + 5 * MINUTE),
    deferred(copy, START + 5 * MINUTE + 10, START + 4 * HOUR),
    delivered(copy, START + 4 * HOUR + 10),
  ];
  await withLog(facts, async (log) => {
    assert.equal((await createFindDelivered(log)(copy))?.address, "192.0.2.1");
    assert.equal(log.readings, 3);
    assert(log.seen < 15, `${log.seen} of ${facts.length} events looked at`);
  });
});

Deno.test("mail that was held is found before and after the time it was held until", async () => {
  const early = copyAt(START);
  const late = copyAt(START + 1);
  const facts = [
    held(early, START + 10, START + HOUR),
    held(late, START + 11, START + HOUR),
    delivered(early, START + 2 * MINUTE),
    ...Array.from({ length: 50 }, (_, i) => delivered(copyAt(START), START + (i + 3) * MINUTE)),
    delivered(late, START + HOUR + 1),
  ];
  await withLog(facts, async (log) => {
    const find = createFindDelivered(log, { mostEvents: 20 });
    assert.equal((await find(early))?.address, "192.0.2.1");
    assert.equal((await find(late))?.address, "192.0.2.1");
  });
});

Deno.test("a bounce that came later hides nothing; a copy that never left is not found", async () => {
  const [back, refused, stopped, unheard] = [0, 1, 2, 3].map((i) => copyAt(START + i));
  const facts = [
    delivered(back!, START + 10),
    bounced(back!, START + 20, "async"),
    bounced(refused!, START + 30, "sync"),
    fact("delivery.suppressed", stopped!, START + 40, { reason: "complaint" }),
    deferred(unheard!, START + 50, START + HOUR),
  ];
  await withLog(facts, async (log) => {
    const find = createFindDelivered(log);
    const found = await Promise.all([back!, refused!, stopped!, unheard!].map(find));
    assert.deepEqual(found.map((each) => each?.address ?? null), ["192.0.2.1", null, null, null]);
  });
});

Deno.test("the search is given up after so many events", async () => {
  const copy = copyAt(START);
  const others = Array.from({ length: 100 }, (_, i) => delivered(copyAt(START), START + i));
  await withLog([...others, delivered(copy, START + 200)], async (log) => {
    assert.equal(await createFindDelivered(log, { mostEvents: 50 })(copy), null);
    assert.equal(log.seen, 50);
    assert.equal((await createFindDelivered(log)(copy))?.address, "192.0.2.1");
  });
});
