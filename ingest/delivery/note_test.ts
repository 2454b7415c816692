/** Where every place of an address counts: a copy goes only after the note that it may have gone. */
import assert from "node:assert/strict";
import { type Event, event, type EventData, type EventType, uuidv7 } from "@chappe/src/events";
import { type Claim, LogUnavailableError, type Station } from "@chappe/src/log";
import { evolveSending, hourKey, NO_SENDING, type Sheet } from "@chappe/src/sending";
import { deliveryJob, startTestStation, until } from "../test_station.ts";
import { plainServer, startPeer } from "./smtp/test_peer.ts";
import { TIMEOUTS } from "./smtp/mod.ts";
import { startNode } from "./test_node.ts";

/** 09:30, a day on which an hour allows two. */
const NOW = Date.UTC(2026, 10, 22, 9, 30);
const IP = "127.0.0.21";
function fact<T extends EventType>(type: T, data: EventData<T>, account = "platform"): Event {
  const made = event(type, { id: uuidv7(1), account, at: NOW }, data);
  return { ...made, recorded: NOW } as unknown as Event;
}
const SENDING = [
  fact("settings.pool-created", { pool: "own", kind: "dedicated", owner: "acme" }),
  fact("settings.pools-assigned", { pools: ["own"], overflow: null }, "acme"),
  fact("settings.address-added", {
    address: IP,
    ehlo: "out.example",
    pool: "own",
    calendar: "default",
    standing: { kind: "warming", day: 1, date: "2026-11-22" },
  }),
].reduce(evolveSending, NO_SENDING);
const options = (port: number) => ({
  mode: { kind: "relay" as const, host: "127.0.0.1", port },
  now: () => NOW,
  sending: { now: SENDING, onChange: () => {} },
});
const copy = () => deliveryJob("r@a.test", { account: "acme", acceptedAt: NOW });
const sheetOf = async ({ registers }: Station) =>
  (await registers.read(hourKey(IP, NOW)))?.value as Sheet;

Deno.test("a note that the log does not take: the copy does not go, and goes later in its place", async () => {
  await using t = await startTestStation();
  let mails = 0;
  await using peer = startPeer((p) => plainServer(p, { onMail: () => mails++ }));
  let refused = 0;
  const station: Station = {
    ...t.station,
    registers: {
      ...t.station.registers,
      async write(key, value, revision) {
        if ((value as Sheet).gone > 0 && refused++ < 2) {
          assert.equal(mails, 0);
          throw new LogUnavailableError("away");
        }
        return await t.station.registers.write(key, value, revision);
      },
    },
  };
  await using _ = startNode({ station }, options(peer.port));
  await t.station.queue.enqueue([copy()]);
  await until(async () => (await t.station.queue.depth()).claimed === 0 && mails > 0);
  assert.equal(mails, 1);
  assert.ok(refused >= 2);
  assert.deepEqual(await sheetOf(t.station), { gone: 1, held: {}, lent: {} });
});

Deno.test("a copy that went to another node meanwhile does not go from the first", async () => {
  await using t = await startTestStation();
  let mails = 0;
  const first = Promise.withResolvers<void>();
  await using peer = startPeer((p) =>
    plainServer({
      ...p,
      async line() {
        const line = await p.line();
        if (p.number === 1 && line?.startsWith("DATA")) await first.promise;
        return line;
      },
    }, { onMail: () => mails++ })
  );
  await using _ = startNode(t, { ...options(peer.port), timeouts: TIMEOUTS });
  const job = copy();
  await t.station.queue.enqueue([job]);
  await until(() => peer.lines.includes("DATA"));
  const held = await sheetOf(t.station);
  assert.deepEqual(Object.keys(held.held), [job.id]);
  // The queue gives it to another, as if the first had not kept it.
  let done = 0;
  const claim = {
    ...job,
    data: { ...job.data, doubtful: true as const },
    enqueued: Date.now(),
    redelivered: false,
    ack: () => done++,
    keep: () => {},
    release: () => assert.fail("it was given back"),
  };
  const station: Station = {
    ...t.station,
    queue: {
      ...t.station.queue,
      async *claim<T>({ signal }: { signal: AbortSignal }) {
        yield claim as Claim<unknown> as Claim<T>;
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    },
  };
  await using __ = startNode({ station }, options(peer.port));
  await until(() => done === 1);
  first.resolve();
  await until(async () => {
    const { waiting, claimed, scheduled } = await t.station.queue.depth();
    return waiting + claimed + scheduled === 0;
  });
  assert.equal(mails, 1);
  assert.deepEqual(await sheetOf(t.station), { gone: 1, held: {}, lent: {} });
});
