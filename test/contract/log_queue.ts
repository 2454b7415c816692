/** Contract: each job is done by one worker at a time, none is lost, timers keep their time. */
import assert from "node:assert/strict";
import type { Claim } from "@chappe/src/log";
import type { LogUnderTest } from "./log_contract.ts";
import { eventually, job, takeUntil } from "./log_support.ts";

type Work = Claim<{ n: string }>;

export const queueAndTimers = {
  async "jobs are claimed once and leave the queue when acked"(log: LogUnderTest) {
    const { queue } = await log.open();
    await queue.enqueue(["a", "b", "c", "d", "e", "f"].map((id) => job(id)));
    assert.deepEqual(await queue.depth(), { waiting: 6, claimed: 0, scheduled: 0 });
    const taken = await takeUntil<Work>(
      (signal) => queue.claim({ maxInFlight: 10, signal }),
      (taken) => taken.length === 6,
      (claim) => claim.ack(),
    );
    assert.deepEqual(taken.map((claim) => claim.id), ["a", "b", "c", "d", "e", "f"]);
    assert.deepEqual(taken[0]!.data, { n: "a" });
    assert.equal(taken[0]!.lane, "lane-1");
    assert.equal(taken[0]!.redelivered, false);
    assert.ok(Math.abs(taken[0]!.enqueued - Date.now()) < 600_000);
    await eventually(async () => (await queue.depth()).claimed === 0);
    assert.deepEqual(await queue.depth(), { waiting: 0, claimed: 0, scheduled: 0 });
  },

  async "the same id again does nothing"(log: LogUnderTest) {
    const { queue } = await log.open();
    await queue.enqueue([job("a")]);
    await queue.enqueue(["a", "b", "c", "d", "e", "b"].map((id) => job(id)));
    await queue.enqueue([job("c"), job("é\n№")]);
    await queue.enqueue([job("é\n№")]);
    await queue.schedule(job("d"), Date.now());
    const taken = await takeUntil<Work>(
      (signal) => queue.claim({ maxInFlight: 20, signal }),
      (taken) => taken.length === 6,
      (claim) => claim.ack(),
    );
    assert.deepEqual(taken.map((c) => c.id).sort(), ["a", "b", "c", "d", "e", "é\n№"]);
    assert.equal((await queue.depth()).waiting, 0);
  },

  async "a worker holds no more than it asked for, and of one lane half of that"(
    log: LogUnderTest,
  ) {
    const { queue } = await log.open();
    const jobs = (lane: string) => Array.from({ length: 50 }, (_, i) => job(`${lane}${i}`, lane));
    const held = { a: 0, b: 0 };
    const most = { a: 0, b: 0, together: 0 };
    const take = (count: number) =>
      takeUntil<Work>(
        (signal) => queue.claim({ maxInFlight: 6, signal }),
        (taken) => taken.length === count,
        (claim) => {
          const lane = claim.lane as "a" | "b";
          most[lane] = Math.max(most[lane], ++held[lane]);
          most.together = Math.max(most.together, held.a + held.b);
          setTimeout(() => {
            held[lane]--;
            claim.ack();
          }, 5);
        },
      );
    await queue.enqueue(jobs("a"));
    const first = await take(25);
    assert.deepEqual(most, { a: 3, b: 0, together: 3 });
    await queue.enqueue(jobs("b"));
    const taken = [...first, ...await take(75)];
    assert.equal(new Set(taken.map((claim) => claim.id)).size, 100);
    assert.ok(most.a <= 3 && most.b <= 3 && most.b > 0 && most.together <= 5);
  },

  async "a lane that nobody gets on with holds up no other"(log: LogUnderTest) {
    const [front, node] = [await log.open(), await log.open()];
    const flood = Array.from({ length: 3000 }, (_, i) => job(`flood${i}`, "flooded"));
    await front.queue.enqueue(flood);
    const held: Work[] = [];
    const others = new Set<string>();
    let sent = 0;
    await takeUntil<Work>(
      (signal) => node.queue.claim({ maxInFlight: 20, signal }),
      () => others.size === 40,
      async (claim) => {
        if (claim.lane !== "flooded") {
          claim.ack();
          others.add(claim.id);
          // Half of the flood is kept in hand, half is given back for a while.
        } else if (held.length < 8) held.push(claim);
        else claim.release(60_000);
        if (sent < 40) await front.queue.enqueue([job(`other${sent}`, `lane-${sent++ % 4}`)]);
      },
    );
    assert.equal(held.length, 8);
    // The flood stands where it was.
    await eventually(async () => {
      const { waiting, claimed } = await node.queue.depth();
      return waiting + claimed === 3000;
    });
  },

  async "two workers share the jobs, none twice"(log: LogUnderTest) {
    const [a, b] = [await log.open(), await log.open()];
    const ids = Array.from({ length: 400 }, (_, i) => String(i));
    await a.queue.enqueue(ids.map((id) => job(id)));
    const abort = new AbortController();
    const done: string[] = [];
    const work = async (queue: typeof a.queue) => {
      for await (const claim of queue.claim({ maxInFlight: 10, signal: abort.signal })) {
        done.push(claim.id);
        claim.ack();
        if (done.length === ids.length) abort.abort();
      }
    };
    await Promise.all([work(a.queue), work(b.queue)]);
    assert.deepEqual(done.sort(), ids.sort());
  },

  async "a job given back comes again, marked as redelivered"(log: LogUnderTest) {
    const { queue } = await log.open();
    await queue.enqueue([job("a")]);
    const taken = await takeUntil<Work>(
      (signal) => queue.claim({ maxInFlight: 1, signal }),
      (taken) => taken.length === 3,
      (claim) => claim.redelivered ? claim.release(20) : claim.release(),
    );
    assert.deepEqual(taken.map((c) => [c.id, c.redelivered]), [["a", false], ["a", true], [
      "a",
      true,
    ]]);
  },

  async "a job given back as new comes again as new, but to nobody else"(log: LogUnderTest) {
    const [a, b] = [await log.open(), await log.open()];
    await a.queue.enqueue([job("a")]);
    const claims = (queue: typeof a.queue) => (signal: AbortSignal) =>
      queue.claim<{ n: string }>({ maxInFlight: 1, signal });
    const taken = await takeUntil<Work>(
      claims(a.queue),
      (taken) => taken.length === 3,
      (claim) => claim.release(20, true),
    );
    assert.deepEqual(taken.map((c) => c.redelivered), [false, false, false]);
    const [other] = await takeUntil<Work>(
      claims(b.queue),
      (taken) => taken.length === 1,
      (claim) => claim.ack(),
    );
    assert.equal(other!.redelivered, true);
  },

  async "a job neither acked nor kept comes to another worker"(log: LogUnderTest) {
    const [a, b] = [await log.open({ ackWaitMs: 1000 }), await log.open({ ackWaitMs: 1000 })];
    await a.queue.enqueue([job("dropped"), job("kept")]);
    let keeping: ReturnType<typeof setInterval> | undefined;
    await takeUntil<Work>(
      (signal) => a.queue.claim({ maxInFlight: 4, signal }),
      (taken) => taken.length === 2,
      (claim) => {
        if (claim.id === "kept") keeping = setInterval(() => claim.keep(), 200);
      },
    );
    const [again] = await takeUntil<Work>(
      (signal) => b.queue.claim({ maxInFlight: 5, signal }),
      (taken) => taken.length === 1,
      (claim) => claim.ack(),
    );
    assert.deepEqual([again!.id, again!.redelivered], ["dropped", true]);
    // An ack is on its way when the claim is over.
    await eventually(async () => (await b.queue.depth()).claimed === 1);
    clearInterval(keeping);
  },

  async "a timer puts its job into the queue at its time, across a crash"(log: LogUnderTest) {
    const { queue } = await log.open();
    const at = Date.now() + 1500;
    await Promise.all(["a", "b", "c", "d", "e"].map((id) => queue.schedule(job(id), at)));
    await queue.schedule(job("a"), at + 1000);
    await queue.schedule(job("sooner"), at + 3_600_000);
    await queue.schedule(job("sooner"), at);
    await queue.schedule(job("past"), Date.now() - 60_000);
    await eventually(async () => (await queue.depth()).waiting === 1);
    assert.equal((await queue.depth()).scheduled, 6);
    await log.crash();
    await log.restart();
    const taken = await takeUntil<Work>(
      (signal) => queue.claim({ maxInFlight: 10, signal }),
      (taken) => taken.length === 7,
      (claim) => claim.ack(),
    );
    const ids = taken.map((claim) => claim.id).sort();
    assert.deepEqual(ids, ["a", "b", "c", "d", "e", "past", "sooner"]);
    for (const claim of taken) {
      assert.equal(claim.lane, "lane-1");
      if (claim.id !== "past") assert.ok(claim.enqueued >= at - 1, `${claim.id} came early`);
    }
  },

  async "what is done leaves the disk, what is not stays"(log: LogUnderTest) {
    const { queue, usage } = await log.open();
    await queue.enqueue(["a", "b", "c", "d", "e", "f"].map((id) => job(id)));
    await queue.schedule(job("timer"), Date.now() + 3_600_000);
    const abort = new AbortController();
    const working = (async () => {
      for await (const claim of queue.claim({ maxInFlight: 10, signal: abort.signal })) {
        if (claim.id !== "e") claim.ack();
      }
    })();
    await eventually(async () => (await usage()).QUEUE!.messages <= 3);
    assert.deepEqual(await queue.depth(), { waiting: 0, claimed: 1, scheduled: 1 });
    abort.abort();
    await working;
  },

  async "a lane that is none is refused"(log: LogUnderTest) {
    const { queue } = await log.open();
    for (const lane of ["", "a.b", "a b", "*", ">", "É"]) {
      await assert.rejects(queue.enqueue([job("a", lane)]), RangeError);
      await assert.rejects(async () => await queue.schedule(job("a", lane), 0), RangeError);
    }
  },
};
