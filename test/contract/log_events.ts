/** Contract: events are appended in commits and read in order. */
import assert from "node:assert/strict";
import { type NewEvent, uuidv7 } from "@chappe/src/events";
import { ConflictError, LogFullError, LogUnavailableError } from "@chappe/src/log";
import type { LogUnderTest } from "./log_contract.ts";
import { all, fact, labels, setting, takeUntil } from "./log_support.ts";

export const appendAndRead = {
  async "what was appended is read, with its position and when it was recorded"(log: LogUnderTest) {
    const { events } = await log.open({ now: () => 1_700_000_000_000 });
    const written = [fact("a"), fact("b")];
    const positions = await events.append(written);
    const [commit, ...rest] = await all(events.read({}));
    assert.equal(rest.length, 0);
    assert.deepEqual(positions, [{ seq: commit!.seq, index: 0 }, { seq: commit!.seq, index: 1 }]);
    assert.equal(commit!.recorded, 1_700_000_000_000);
    assert.equal(commit!.family, "suppression");
    assert.deepEqual(
      commit!.events,
      written.map((event) => ({ ...event, recorded: 1_700_000_000_000 })),
    );
  },

  async "a commit is found by its sequence"(log: LogUnderTest) {
    const { events } = await log.open();
    const [one] = await events.append([fact("a"), fact("b")]);
    const [other] = await events.append([setting("c")]);
    const [first, second] = await all(events.read({}));
    assert.deepEqual(await events.at(one!.seq), first);
    assert.deepEqual(await events.at(other!.seq), second);
    assert.equal(await events.at(other!.seq + 1), null);
  },

  async "concurrent appends share commits; those of one call stay together"(log: LogUnderTest) {
    const { events } = await log.open();
    const calls = Array.from({ length: 200 }, (_, i) => [fact(`${i}a`), fact(`${i}b`)]);
    const positions = await Promise.all(calls.map((call) => events.append(call)));
    for (const [first, second] of positions) {
      assert.deepEqual(second, { seq: first!.seq, index: first!.index + 1 });
    }
    const commits = await all(events.read({}));
    assert.ok(commits.length < 20, `${commits.length} commits for 200 appends`);
    const expected = calls.keys().flatMap((i) => [`${i}a`, `${i}b`]);
    assert.deepEqual(labels(commits), [...expected]);
  },

  async "one call may append to several families"(log: LogUnderTest) {
    const { events } = await log.open();
    const positions = await events.append([fact("a"), setting("b"), fact("c")]);
    assert.equal(positions[0]!.seq, positions[2]!.seq);
    assert.notEqual(positions[0]!.seq, positions[1]!.seq);
    assert.deepEqual(labels(await all(events.read({ families: ["suppression"] }))), ["a", "c"]);
    assert.deepEqual(labels(await all(events.read({ families: ["settings"] }))), ["b"]);
    assert.deepEqual(await events.append([]), []);
  },

  async "more events than fit into one commit keep their order"(log: LogUnderTest) {
    const { events } = await log.open();
    const long = "x".repeat(900);
    const expected = Array.from({ length: 5000 }, (_, i) => `${i} ${long}`);
    const positions = await events.append(expected.map(fact));
    assert.ok(positions.at(-1)!.seq > positions[0]!.seq);
    assert.deepEqual(labels(await all(events.read({}))), expected);
  },

  async "an event too large for any commit is refused"(log: LogUnderTest) {
    const { events } = await log.open();
    await assert.rejects(events.append([fact("x".repeat(2_000_000))]), RangeError);
  },

  async "an expected sequence lets one of two through"(log: LogUnderTest) {
    const [a, b] = [await log.open(), await log.open()];
    assert.equal(await a.events.lastSeq("settings"), 0);
    const [first] = await a.events.appendExpecting([setting("1"), setting("2")], 0);
    assert.equal(await b.events.lastSeq("settings"), first!.seq);
    await a.events.append([fact("another family does not matter")]);
    const results = await Promise.allSettled([
      a.events.appendExpecting([setting("3")], first!.seq),
      b.events.appendExpecting([setting("4")], first!.seq),
    ]);
    const lost = results.filter((result) => result.status === "rejected");
    assert.equal(lost.length, 1);
    assert.ok(lost[0]!.reason instanceof ConflictError);
    assert.equal((await all(a.events.read({ families: ["settings"] }))).length, 2);
    await assert.rejects(a.events.appendExpecting([setting("5")], 0), ConflictError);
    await assert.rejects(a.events.appendExpecting([setting("6"), fact("7")], 0), RangeError);
  },

  async "reading starts after a sequence, or at a time"(log: LogUnderTest) {
    let now = 1_700_000_000_000;
    const { events } = await log.open({ now: () => now });
    const seqs: number[] = [];
    for (const label of ["a", "b", "c", "d"]) {
      seqs.push((await events.append([fact(label)]))[0]!.seq);
      now += 1000;
    }
    const read = async (options: { after?: number; since?: number }) =>
      labels(await all(events.read(options))).join("");
    assert.equal(await read({ after: seqs[1]! }), "cd");
    assert.equal(await read({ after: seqs[3]! }), "");
    assert.equal(await read({ since: 1_700_000_000_000 }), "abcd");
    assert.equal(await read({ since: 1_700_000_001_500 }), "cd");
    assert.equal(await read({ since: 1_700_000_009_000 }), "");
    assert.equal(await read({ since: Date.now() + 3_600_000 }), "");
  },

  async "an empty log, and a family without events, read as nothing"(log: LogUnderTest) {
    const { events } = await log.open();
    assert.equal(await events.lastSeq(), 0);
    assert.deepEqual(await all(events.read({})), []);
    const [position] = await events.append([fact("a")]);
    assert.deepEqual(await all(events.read({ families: ["settings"] })), []);
    assert.equal(await events.lastSeq(), position!.seq);
    assert.equal(await events.lastSeq("settings"), 0);
  },

  async "without follow, reading ends at what was last when it began"(log: LogUnderTest) {
    const { events } = await log.open();
    await events.append([fact("a")]);
    await events.append([fact("b")]);
    const seen: string[] = [];
    for await (const commit of events.read({})) {
      seen.push(...labels([commit]));
      await events.append([fact("later")]);
    }
    assert.deepEqual(seen, ["a", "b"]);
  },

  async "following goes on with what comes, and ends when told to"(log: LogUnderTest) {
    const { events } = await log.open();
    await events.append([fact("0")]);
    const following = takeUntil(
      (signal) => events.read({ follow: true, signal, families: ["suppression"] }),
      (taken) => taken.length === 3,
    );
    await events.append([setting("not this")]);
    await events.append([fact("1")]);
    await events.append([fact("2")]);
    assert.deepEqual(labels(await following), ["0", "1", "2"]);

    const idle = new AbortController();
    const nothing = all(events.read({ follow: true, signal: idle.signal, families: ["feedback"] }));
    idle.abort();
    assert.deepEqual(await nothing, []);
    const already = AbortSignal.abort();
    assert.deepEqual(await all(events.read({ follow: true, signal: already })), []);
  },

  async "many commits are read whole and in order"(log: LogUnderTest) {
    const { events } = await log.open();
    const expected: string[] = [];
    for (let i = 0; i < 1500; i++) {
      expected.push(String(i));
      await events.append([fact(String(i))]);
    }
    assert.deepEqual(labels(await all(events.read({}))), expected);
  },

  async "a full log refuses, and keeps what it has"(log: LogUnderTest) {
    const { events, bodies, queue } = await log.open({ storeBytes: 4_000_000 });
    let kept = 0;
    await assert.rejects(async () => {
      for (;;) {
        await events.append([fact("x".repeat(100_000))]);
        kept++;
      }
    }, (error) => error instanceof LogFullError && error instanceof LogUnavailableError);
    assert.ok(kept > 0);
    assert.equal((await all(events.read({}))).length, kept);
    await assert.rejects(async () => {
      for (;;) await bodies.put(new Uint8Array(500_000));
    }, LogFullError);
    await assert.rejects(async () => {
      for (;;) {
        const data = "x".repeat(100_000);
        await queue.enqueue([{ id: uuidv7(Date.now()), lane: "lane", data }]);
      }
    }, LogFullError);
  },

  async "closing lets appends under way finish"(log: LogUnderTest) {
    const [a, b] = [await log.open(), await log.open()];
    const written: NewEvent[] = Array.from({ length: 50 }, (_, i) => fact(String(i)));
    const appends = Promise.all(written.map((event) => a.events.append([event])));
    await a.close();
    await appends;
    assert.equal((await all(b.events.read({}))).flatMap((commit) => commit.events).length, 50);
  },
};
