/** Contract: of several who note something under one key, on whatever node, one is the first. */
import assert from "node:assert/strict";
import { LogUnavailableError } from "@chappe/src/log";
import type { LogUnderTest } from "./log_contract.ts";
import { eventually } from "./log_support.ts";

export const memos = {
  async "the first memo stays, and others learn of it"(log: LogUnderTest) {
    const { memos } = await log.open();
    const other = (await log.open()).memos;
    const value = { id: "1", list: [1, null, "é\n"] };
    assert.equal(await memos.putIfAbsent("key", value), null);
    for (const node of [memos, other]) {
      const found = await node.putIfAbsent("key", { id: "2" });
      assert.deepEqual(found?.value, value);
      assert.ok(Math.abs(found.at - Date.now()) < 600_000);
    }
  },

  async "of many at once, over several nodes, one is first"(log: LogUnderTest) {
    const nodes = await Promise.all([log.open(), log.open(), log.open()]);
    const found = await Promise.all(
      Array.from({ length: 60 }, (_, n) => nodes[n % 3]!.memos.putIfAbsent("key", n)),
    );
    const first = found.indexOf(null);
    assert.equal(found.filter((memo) => memo === null).length, 1);
    assert.ok(found.every((memo, n) => n === first || memo?.value === first));
  },

  async "a memo is replaced by whoever has seen its last value"(log: LogUnderTest) {
    const { memos } = await log.open();
    await memos.putIfAbsent("other", 0);
    await memos.putIfAbsent("key", 1);
    const { revision } = (await memos.putIfAbsent("key", 0))!;
    const outcomes = await Promise.all([2, 3, 4].map((n) => memos.replace("key", n, revision)));
    assert.equal(outcomes.filter((replaced) => replaced).length, 1);
    const now = (await memos.putIfAbsent("key", 0))!;
    assert.equal(now.value, [2, 3, 4][outcomes.indexOf(true)]);
    assert.equal(await memos.replace("key", 5, revision), false);
    assert.equal(await memos.replace("key", 5, now.revision), true);
    assert.equal(await memos.replace("nothing there", 5, revision), false);
  },

  async "any text is a key, each its own"(log: LogUnderTest) {
    const { memos } = await log.open();
    for (const key of ["", " ", "a.b", "*", ">", "é\n№", "a".repeat(5000), "a".repeat(5001)]) {
      assert.equal(await memos.putIfAbsent(key, key), null);
      assert.equal((await memos.putIfAbsent(key, 0))?.value, key);
    }
    await assert.rejects(memos.putIfAbsent("large", "x".repeat(1024 * 1024)), RangeError);
  },

  async "what was noted is there after a crash; meanwhile nothing is promised"(log: LogUnderTest) {
    const station = await log.open({ appendTimeoutMs: 1000 });
    const { memos } = station;
    await memos.putIfAbsent("key", "noted");
    await log.crash();
    await eventually(() => !station.connected());
    await assert.rejects(memos.putIfAbsent("key", "never"), LogUnavailableError);
    await assert.rejects(memos.replace("key", "never", 1), LogUnavailableError);
    await log.restart();
    await eventually(() => station.connected());
    assert.equal((await memos.putIfAbsent("key", "again"))?.value, "noted");
  },
};
