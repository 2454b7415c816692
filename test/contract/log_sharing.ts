/** Contract: what several processes do together: subscriptions, counters, questions. */
import assert from "node:assert/strict";
import type { LogUnderTest } from "./log_contract.ts";
import { eventually, fact, labels, setting, takeUntil } from "./log_support.ts";

export const sharing = {
  async "subscribers of one name share the commits; each name sees all"(log: LogUnderTest) {
    const [a, b] = [await log.open(), await log.open()];
    const abort = new AbortController();
    const seen: Record<string, string[]> = { pair: [], single: [] };
    const subscribe = async (station: typeof a, name: string) => {
      const options = { name, families: ["suppression" as const], maxInFlight: 4 };
      for await (const commit of station.events.subscribe({ ...options, signal: abort.signal })) {
        seen[name]!.push(...labels([commit]));
        commit.ack();
        commit.ack();
        if (seen.pair!.length === 40 && seen.single!.length === 40) abort.abort();
      }
    };
    const running = [subscribe(a, "pair"), subscribe(b, "pair"), subscribe(b, "single")];
    const expected = Array.from({ length: 40 }, (_, i) => String(i).padStart(2, "0"));
    for (const label of expected) await a.events.append([fact(label)]);
    await a.events.append([setting("another family")]);
    await Promise.all(running);
    assert.deepEqual(seen.pair!.sort(), expected);
    assert.deepEqual(seen.single, expected);
  },

  async "a subscription goes on after a crash from the first unacknowledged commit"(
    log: LogUnderTest,
  ) {
    const [a, b] = [await log.open({ ackWaitMs: 1000 }), await log.open({ ackWaitMs: 1000 })];
    for (const label of ["0", "1", "2", "3", "4"]) await a.events.append([fact(label)]);
    const options = { name: "name", families: ["suppression" as const], maxInFlight: 2 };
    await takeUntil(
      (signal) => a.events.subscribe({ ...options, signal }),
      (taken) => taken.length === 4,
      (commit) => {
        if (!["2", "3"].includes(labels([commit])[0]!)) commit.ack();
      },
    );
    await a.close();
    const rest = await takeUntil(
      (signal) => b.events.subscribe({ ...options, maxInFlight: 10, signal }),
      (taken) => taken.length === 3,
      (commit) => commit.ack(),
    );
    assert.deepEqual(labels(rest).sort(), ["2", "3", "4"]);
  },

  async "a subscriber that works long keeps what it holds"(log: LogUnderTest) {
    const { events } = await log.open({ ackWaitMs: 900 });
    await events.append([fact("slow")]);
    await events.append([fact("quick")]);
    const options = { name: "name", families: ["suppression" as const], maxInFlight: 1 };
    const taken = await takeUntil(
      (signal) => events.subscribe({ ...options, signal }),
      (taken) => labels(taken).includes("quick"),
      async (commit) => {
        await new Promise((resolve) => setTimeout(resolve, 2000));
        commit.ack();
      },
    );
    assert.deepEqual(labels(taken), ["slow", "quick"]);
  },

  async "counters lose no increment, and each adder sees its own total"(log: LogUnderTest) {
    const [a, b] = [await log.open(), await log.open()];
    const totals = await Promise.all(
      Array.from({ length: 100 }, (_, i) => (i % 2 ? a : b).counters.add("quota.ip-1.2026", 3)),
    );
    assert.deepEqual(
      totals.sort((x, y) => x - y),
      Array.from({ length: 100 }, (_, i) => (i + 1) * 3),
    );
    assert.equal(await a.counters.add("quota.ip-1.2026", -100), 200);
    assert.equal(await b.counters.get("quota.ip-1.2026"), 200);
    assert.equal(await b.counters.get("quota.ip-2.2026"), 0);
    for (const key of ["", "a..b", "a b", "*", "a.>", ".a"]) {
      await assert.rejects(a.counters.add(key, 1), RangeError);
      await assert.rejects(a.counters.get(key), RangeError);
    }
    for (const amount of [0.5, NaN, Infinity]) {
      await assert.rejects(a.counters.add("a", amount), RangeError);
    }
  },

  async "every process answers the party's questions"(log: LogUnderTest) {
    const [a, b, c] = [await log.open(), await log.open(), await log.open()];
    a.party.answer("metrics", () => ({ from: "a" }));
    b.party.answer("metrics", () => ({ from: "b" }));
    await eventually(async () => (await c.party.ask("metrics", 200)).length === 2);
    const answers = await c.party.ask("metrics", 200) as { from: string }[];
    assert.deepEqual(answers.map(({ from }) => from).sort(), ["a", "b"]);
    assert.deepEqual(await c.party.ask("nobody", 100), []);
  },

  async "usage tells what each stream holds"(log: LogUnderTest) {
    const station = await log.open();
    await station.events.append([fact("a")]);
    const { EVENTS } = await station.usage();
    assert.equal(EVENTS!.messages, 1);
    assert.equal(EVENTS!.lastSeq, 1);
    assert.ok(EVENTS!.bytes > 0);
  },
};
