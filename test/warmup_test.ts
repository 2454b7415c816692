/**
 * Warm-up as the receiver sees it: by its own log, sorted by the address that mail came from. The
 * first day of the calendar allows 50 messages from each address, two or three in an hour.
 */
import assert from "node:assert/strict";
import { event, type EventData, uuidv7 } from "@chappe/src/events";
import { connectStation } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { hourCap } from "@chappe/src/sending";
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
  type Stage,
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

/** A day of 5,000 messages on two processes; in the hours that `kills` names, some are killed. */
async function dayOfKills(
  kills: Readonly<Record<number, (day: Day) => Promise<void>>>,
): Promise<Arrival[]> {
  await using t = await startTestStation();
  const clock = { at: START - HOUR };
  await using receiver = startReceiver(clock);
  await t.station.events.append(settings({ overflow: "shared" }));
  const start = () =>
    startChild({ url: t.nats.url, port: receiver.port, at: clock.at, ackWaitMs: 3_000 });
  const children: Child[] = await Promise.all([start(), start()]);
  const kill = (count: number) =>
    Promise.all(children.splice(0, count).map((child) => child.kill()));
  let sent = 0;
  try {
    for (const { at, arriving } of steps(START, START + DAY, 5_000, 2)) {
      // First the receiver: what was begun before is there, and what begins now is of the new hour.
      await receiver.quiet();
      clock.at = at;
      await Promise.all(children.map((child) => child.tell(at)));
      sent += arriving;
      const enqueue = () => t.station.queue.enqueue(copies(arriving, at));
      const hour = (at - START - 1) / HOUR;
      const killing = arriving > 0 ? kills[hour] : undefined;
      await (killing === undefined ? enqueue() : killing({ hour, receiver, enqueue, kill }));
      while (children.length < 2) children.push(await start());
      await until(() => receiver.copies() === sent);
    }
  } finally {
    await kill(children.length);
  }
  assert.equal(receiver.copies(), 5_000);
  within(receiver.arrivals, 50);
  return receiver.arrivals;
}

interface Day {
  readonly hour: number;
  readonly receiver: ReturnType<typeof startReceiver>;
  enqueue(): Promise<void>;
  /** Kills so many of the processes; others take their place. */
  kill(count: number): Promise<unknown>;
}

/** When the receiver has at `stage` all that the new addresses may send in this hour. */
function killedAt(stage: Stage, count: number) {
  return async ({ hour, receiver, enqueue, kill }: Day) => {
    const hold = receiver.hold(stage);
    await enqueue();
    await until(() => hold.held() >= 2 * hourCap(50, hour));
    await kill(count);
    hold.letGo();
  };
}

Deno.test("two processes, killed before their copies went and after: exactly 50 and 50", async () => {
  const arrivals = await dayOfKills({
    2: killedAt("MAIL", 1),
    6: killedAt("MAIL", 2),
    10: killedAt("end", 1),
    14: killedAt("end", 2),
    18: killedAt("MAIL", 1),
    23: killedAt("MAIL", 2),
  });
  assert.deepEqual(DEDICATED.map((ip) => from(arrivals, ip)), [50, 50]);
});

Deno.test("a process killed at any moment: never more, and no less but for notes on their way", async () => {
  const atOnce = async ({ receiver, enqueue, kill }: Day) => {
    const before = receiver.arrivals.length;
    await enqueue();
    while (receiver.arrivals.length === before) await new Promise((go) => setTimeout(go, 1));
    await kill(1);
  };
  const killed = [7, 16];
  const arrivals = await dayOfKills(Object.fromEntries(killed.map((hour) => [hour, atOnce])));
  const own = DEDICATED.map((ip) => from(arrivals, ip));
  const twice = arrivals.length - new Set(arrivals.map(({ copy }) => copy)).size;
  console.log(`two kills: ${own.join(" + ")} from the new addresses, ${twice} copies twice`);
  for (const ip of DEDICATED) {
    for (const [hour, count] of hoursOf(arrivals, ip).entries()) {
      if (!killed.includes(hour)) assert.equal(count, hourCap(50, hour), `${ip}, hour ${hour}`);
    }
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
