/**
 * Warm-up as the receiver sees it: by its own log, sorted by the address that mail came from. The
 * first day of the calendar allows 50 messages from each address, two or three in an hour.
 */
import assert from "node:assert/strict";
import { event, type EventData, uuidv7 } from "@chappe/src/events";
import { connectStation } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { hourCap, hourKey } from "@chappe/src/sending";
import { startTestStation, until } from "../ingest/test_station.ts";
import {
  type Arrival,
  clocked,
  copies,
  DAY,
  DEDICATED,
  HOUR,
  hoursOf,
  OTHER,
  settings,
  START,
  startClockedNode,
  startReceiver,
  steps,
} from "./support/warmup.ts";
import { type Child, startChild } from "./support/warmup_child.ts";

const MINUTE = 60_000;
const from = (arrivals: readonly Arrival[], ip: string) =>
  arrivals.filter((each) => each.from === ip).length;

/** What every hour of a day allows, never exceeded. */
function within(arrivals: readonly Arrival[], dayCap: number, day = START): void {
  for (const ip of DEDICATED) {
    for (const [hour, count] of hoursOf(arrivals, ip, day).entries()) {
      assert(count <= hourCap(dayCap, hour), `${ip}: ${count} in hour ${hour}`);
    }
  }
}

/** One or more nodes in this process, each with a connection of its own to the log. */
async function nodes(count: number, overflow: string | null) {
  const t = await startTestStation();
  const clock = { at: START - HOUR };
  const receiver = startReceiver(clock);
  await t.station.events.append(settings({ overflow }));
  const timed = clocked(t.station, clock);
  const others = await Promise.all(
    Array.from(
      { length: count - 1 },
      () => connectStation({ url: t.nats.url, now: Date.now, logger: SILENT }),
    ),
  );
  const running = await Promise.all(
    [timed.station, ...others].map((station) =>
      startClockedNode(station, { clock, port: receiver.port })
    ),
  );
  return {
    t,
    clock,
    receiver,
    timed,
    sending: running[0]!.sending,
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map((node) => node.stop()));
      await Promise.all(others.map((station) => station.close()));
      await receiver[Symbol.asyncDispose]();
      await t[Symbol.asyncDispose]();
    },
  };
}

Deno.test("5,000 messages over a day: 100 from the two new addresses, hour by hour, 4,900 from the shared one", async () => {
  await using n = await nodes(1, "shared");
  for (const { at, arriving } of steps(START, START + DAY, 5_000, 2)) {
    n.clock.at = at;
    await n.timed.station.queue.enqueue(copies(arriving, at));
    await n.timed.idle();
  }
  const { arrivals } = n.receiver;
  assert.equal(arrivals.length, 5_000);
  assert.deepEqual(DEDICATED.map((ip) => from(arrivals, ip)), [50, 50]);
  assert.equal(from(arrivals, OTHER), 4_900);
  within(arrivals, 50);
  assert.equal(n.timed.waiting(), 0, "nothing waits while the shared address is free");
});

Deno.test("two nodes share the same allowance", async () => {
  await using n = await nodes(2, "shared");
  let sent = 0;
  for (const { at, arriving } of steps(START, START + DAY, 5_000, 2)) {
    n.clock.at = at;
    await n.t.station.queue.enqueue(copies(arriving, at));
    sent += arriving;
    await until(() => n.receiver.arrivals.length === sent);
  }
  const { arrivals } = n.receiver;
  assert.deepEqual(DEDICATED.map((ip) => from(arrivals, ip)), [50, 50]);
  assert.equal(from(arrivals, OTHER), 4_900);
  within(arrivals, 50);
});

Deno.test("two processes, one killed again and again and replaced: never more than the cap", async () => {
  await using t = await startTestStation();
  const clock = { at: START - HOUR };
  await using receiver = startReceiver(clock);
  await t.station.events.append(settings({ overflow: "shared" }));
  const start = () =>
    startChild({ url: t.nats.url, port: receiver.port, at: clock.at, ackWaitMs: 3_000 });
  const children: Child[] = await Promise.all([start(), start()]);
  const kills = [7, 16];
  let sent = 0;
  try {
    for (const { at, arriving } of steps(START, START + DAY, 5_000, 2)) {
      // First the receiver: what was begun before is there, and what begins now is of the new hour.
      await receiver.quiet();
      clock.at = at;
      await Promise.all(children.map((child) => child.tell(at)));
      await t.station.queue.enqueue(copies(arriving, at));
      sent += arriving;
      if (arriving > 0 && (at - START - 1) / HOUR === kills[0]) {
        const before = receiver.arrivals.length;
        while (receiver.arrivals.length === before) await new Promise((go) => setTimeout(go, 1));
        await children.shift()!.kill();
        children.push(await start());
        kills.shift();
      }
      await until(() => receiver.copies() === sent);
    }
  } finally {
    await Promise.all(children.map((child) => child.kill()));
  }
  const { arrivals } = receiver;
  const own = DEDICATED.map((ip) => from(arrivals, ip));
  console.log(
    `two kills: ${own.join(" + ")} of 50 + 50 from the new addresses, ` +
      `${arrivals.length - receiver.copies()} copies twice`,
  );
  assert.equal(kills.length, 0);
  assert.equal(receiver.copies(), 5_000);
  within(arrivals, 50);
  // The whole allowance was taken. What is missing is what a dead node had taken: whether it sent that
  // nobody can know, so nobody sends it again (decision 13).
  const hours = Array.from({ length: 24 }, (_, hour) => START + hour * HOUR);
  for (const [i, ip] of DEDICATED.entries()) {
    const taken = await Promise.all(hours.map((at) => t.station.counters.get(hourKey(ip, at))));
    // More than there was: asked for by a node that died before it gave back what it did not get.
    assert(taken.every((count, hour) => count >= hourCap(50, hour)), `${ip}: ${taken}`);
    const missing = hoursOf(arrivals, ip).filter((count, hour) => count < hourCap(50, hour));
    assert(missing.length <= 2, `${ip}: ${missing.length} hours are not full after two kills`);
    assert(own[i]! >= 50 - 2 * 3, `${ip}: ${own[i]}`);
  }
});

Deno.test("over midnight, with the decision for the new day two minutes late", async () => {
  await using n = await nodes(1, "shared");
  const tomorrow = START + DAY;
  let decided = false;
  for (const { at, arriving } of steps(START + DAY / 2, tomorrow + DAY / 2, 3_000, 4)) {
    n.clock.at = at;
    if (!decided && at > tomorrow + 2 * MINUTE) {
      decided = true;
      const advanced = (address: string) =>
        event(
          "address.warmup-advanced",
          { id: uuidv7(at), account: "platform", at },
          {
            address,
            day: 2,
            date: "2025-01-16",
            cap: 100,
            rule: "advance",
            figures: {},
            words: "",
          } satisfies EventData<"address.warmup-advanced">,
        );
      const told = await n.t.station.events.append(DEDICATED.map(advanced));
      await until(() => n.sending.seq >= told.at(-1)!.seq);
    }
    await n.timed.station.queue.enqueue(copies(arriving, at));
    await n.timed.idle();
  }
  const { arrivals } = n.receiver;
  within(arrivals, 50);
  within(arrivals, 100, tomorrow);
  const sum = (hours: number[]) => hours.reduce((a, b) => a + b, 0);
  for (const ip of DEDICATED) {
    assert.deepEqual([sum(hoursOf(arrivals, ip)), sum(hoursOf(arrivals, ip, tomorrow))], [25, 50]);
  }
  assert.equal(arrivals.length, 3_000);
});

Deno.test("5,000 at once: the hour's allowance, and the rest at once from the shared address", async () => {
  await using n = await nodes(1, "shared");
  n.clock.at = START + 9 * HOUR + 1;
  await n.timed.station.queue.enqueue(copies(5_000, n.clock.at));
  await n.timed.idle();
  const { arrivals } = n.receiver;
  const allowed = hourCap(50, 9);
  assert.deepEqual(DEDICATED.map((ip) => from(arrivals, ip)), [allowed, allowed]);
  assert.equal(from(arrivals, OTHER), 5_000 - 2 * allowed);
  assert.equal(n.timed.waiting(), 0);
});

Deno.test("without an overflow the rest waits, and the cap holds", async () => {
  await using n = await nodes(1, null);
  const count = 130;
  let first = true;
  for (const { at } of steps(START, START + DAY, 0, 3)) {
    n.clock.at = at;
    if (first) await n.timed.station.queue.enqueue(copies(count, at));
    first = false;
    await n.timed.wake(at);
    await n.timed.idle();
  }
  const { arrivals } = n.receiver;
  assert.deepEqual(DEDICATED.map((ip) => from(arrivals, ip)), [50, 50]);
  assert.equal(arrivals.length, 100);
  within(arrivals, 50);
  assert.equal(n.timed.waiting(), count - 100);
  let held = 0;
  for await (const commit of n.t.station.events.read({ families: ["delivery"] })) {
    for (const each of commit.events) if (each.type === "delivery.held") held++;
  }
  // All but the first few are told once why they wait, however often they are looked at again.
  assert.equal(held, count - 2 * hourCap(50, 0));
});
