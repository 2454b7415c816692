/** Contract: the log may die at any time; what it acknowledged is there when it is back. */
import assert from "node:assert/strict";
import { LogUnavailableError } from "@chappe/src/log";
import type { LogUnderTest } from "./log_contract.ts";
import { all, eventually, fact, job, labels, takeUntil } from "./log_support.ts";

export const crashes = {
  async "away, everything fails within its time; back, everything works"(log: LogUnderTest) {
    const station = await log.open({ appendTimeoutMs: 1000 });
    const { events, bodies, queue, counters, mailbox, party } = station;
    const reference = await bodies.put(new Uint8Array(3));
    const other = await log.open({ appendTimeoutMs: 1000 });
    await log.crash();
    await eventually(() => !station.connected());
    const raw = new Uint8Array(1);
    const attempts = [
      events.append([fact("never")]),
      events.appendExpecting([fact("never")], 0),
      all(events.read({})),
      events.lastSeq(),
      bodies.put(raw),
      other.bodies.get(reference),
      queue.enqueue([job("never"), job("never 2"), job("never 3"), job("never 4")]),
      queue.schedule(job("never 5"), Date.now()),
      queue.depth(),
      counters.add("a", 1),
      counters.get("a"),
      mailbox.put({ headers: {}, raw }),
      mailbox.list(1),
      station.usage(),
    ];
    const outcomes = await Promise.allSettled(attempts);
    for (const [i, outcome] of outcomes.entries()) {
      assert.ok(outcome.status === "rejected", `attempt ${i} claims to have worked`);
      assert.ok(outcome.reason instanceof LogUnavailableError, `attempt ${i}: ${outcome.reason}`);
    }
    assert.deepEqual(await party.ask("metrics", 10), []);
    assert.equal(station.connected(), false);

    await log.restart();
    await eventually(() => station.connected());
    await events.append([fact("back")]);
    assert.deepEqual(labels(await all(events.read({}))), ["back"]);
    assert.equal((await other.bodies.get(reference)).length, 3);
  },

  async "an append that began while it was away is taken when it is back in time"(
    log: LogUnderTest,
  ) {
    const { events } = await log.open({ appendTimeoutMs: 60_000 });
    await events.append([fact("0")]);
    await log.crash();
    const appends = ["1", "2", "3"].map((label) => events.append([fact(label)]));
    await log.restart();
    await Promise.all(appends);
    assert.deepEqual(labels(await all(events.read({}))), ["0", "1", "2", "3"]);
  },

  async "no acknowledged event is lost, and none is there twice"(log: LogUnderTest) {
    const { events, bodies } = await log.open({ appendTimeoutMs: 30_000 });
    const acked: string[] = [];
    const references: string[] = [];
    let stop = false;
    const writers = Array.from({ length: 8 }, async (_, w) => {
      for (let i = 0; !stop; i++) {
        const label = `${w}-${i}`;
        references.push(await bodies.put(new TextEncoder().encode(label)));
        await events.append([fact(label)]);
        acked.push(label);
      }
    });
    for (let crash = 0; crash < 5; crash++) {
      const before = acked.length;
      await eventually(() => acked.length > before + 100);
      await log.crash();
      await log.restart();
    }
    stop = true;
    await Promise.all(writers);
    const fresh = await log.open();
    const there = labels(await all(fresh.events.read({})));
    assert.deepEqual(there.toSorted(), acked.toSorted());
    for (const reference of references) {
      assert.match(new TextDecoder().decode(await fresh.bodies.get(reference)), /^\d-\d+$/);
    }
  },

  async "followers, subscribers and workers go on by themselves"(log: LogUnderTest) {
    const { events, queue } = await log.open({ appendTimeoutMs: 30_000, ackWaitMs: 2000 });
    const abort = new AbortController();
    const { signal } = abort;
    const seen = { followed: [] as string[], subscribed: new Set(), worked: new Set() };
    const running = [
      (async () => {
        for await (const commit of events.read({ follow: true, signal })) {
          seen.followed.push(...labels([commit]));
        }
      })(),
      (async () => {
        const options = { name: "name", families: ["suppression" as const], maxInFlight: 3 };
        for await (const commit of events.subscribe({ ...options, signal })) {
          seen.subscribed.add(labels([commit])[0]);
          commit.ack();
        }
      })(),
      (async () => {
        for await (const claim of queue.claim({ maxInFlight: 3, signal })) {
          seen.worked.add(claim.id);
          claim.ack();
        }
      })(),
    ];
    const expected: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 20; i++) {
        const label = `${round}-${String(i).padStart(2, "0")}`;
        await events.append([fact(label)]);
        await queue.enqueue([job(label)]);
        expected.push(label);
      }
      await log.crash();
      await log.restart();
    }
    await eventually(() =>
      seen.followed.length >= 60 && seen.subscribed.size === 60 && seen.worked.size === 60
    );
    abort.abort();
    await Promise.all(running);
    assert.deepEqual(seen.followed, expected);
    assert.deepEqual([...seen.subscribed].sort(), expected);
    assert.deepEqual([...seen.worked].sort(), expected);
  },

  async "waiting for an absent log ends when told to"(log: LogUnderTest) {
    const { events, queue } = await log.open({ appendTimeoutMs: 500 });
    await log.crash();
    const abort = new AbortController();
    const { signal } = abort;
    const subscription = { name: "n", families: ["settings" as const], maxInFlight: 1, signal };
    const endless = [
      all(events.read({ follow: true, signal })),
      all(events.subscribe(subscription)),
      all(queue.claim({ maxInFlight: 1, signal })),
    ];
    setTimeout(() => abort.abort(), 1000);
    assert.deepEqual(await Promise.all(endless), [[], [], []]);
  },

  async "a subscriber's acks reach the log"(log: LogUnderTest) {
    const { events } = await log.open({ ackWaitMs: 1000 });
    await events.append([fact("1")]);
    const options = { name: "name", families: ["suppression" as const], maxInFlight: 5 };
    await takeUntil(
      (signal) => events.subscribe({ ...options, signal }),
      (taken) => taken.length === 1,
      (commit) => commit.ack(),
    );
    await events.append([fact("2")]);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const rest = await takeUntil(
      (signal) => events.subscribe({ ...options, signal }),
      (taken) => taken.length === 1,
      (commit) => commit.ack(),
    );
    assert.deepEqual(labels(rest), ["2"]);
  },
};
