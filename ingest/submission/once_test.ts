/** One message for one key, whatever goes wrong, on a real log. */
import assert from "node:assert/strict";
import { timeOfId } from "@chappe/src/events";
import { LogUnavailableError, type Station } from "@chappe/src/log";
import { startTestStation } from "../test_station.ts";
import type { Submitted } from "./intake.ts";
import { handover, keyed, logged, nodeOn } from "./test_intake.ts";

function idOf(outcome: Submitted): string {
  assert.equal(outcome.kind, "accepted", JSON.stringify(outcome));
  return (outcome as Submitted & { kind: "accepted" }).id;
}
const idsIn = async (station: Station) =>
  (await logged(station, "message.accepted")).map((e) => e.message);
const away = () => Promise.reject(new LogUnavailableError("away"));

Deno.test("a repeat gives the same answer, on the same node and on another", async () => {
  await using test = await startTestStation();
  const [a, b] = [nodeOn(test.station), nodeOn(test.station)];
  const first = await a.submit(keyed("k"));
  assert.deepEqual(await a.submit(keyed("k")), first);
  assert.deepEqual(await b.submit(keyed("k")), first);
  const other = await a.submit(keyed("another key"));
  assert.deepEqual(await idsIn(test.station), [idOf(first), idOf(other)]);
});

Deno.test("with another body the key is refused; of another account it is another", async () => {
  await using test = await startTestStation();
  const [a, b] = [nodeOn(test.station), nodeOn(test.station)];
  const first = a.submit(keyed("k"));
  assert.equal((await a.submit(keyed("k", "2"))).kind, "key-reused", "while it is under way");
  await first;
  assert.equal((await b.submit(keyed("k", "2"))).kind, "key-reused");
  const elsewhere = await a.submit({ ...keyed("k", "2"), account: "other" });
  assert.equal(elsewhere.kind, "refused", "the account may not send as this address");
});

Deno.test("many at once, on three nodes, are one message", async () => {
  await using test = await startTestStation();
  const nodes = [nodeOn(test.station), nodeOn(test.station), nodeOn(test.station)];
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, (_, i) => nodes[i % 3]!.submit(keyed("k"))),
  );
  const [id, ...more] = await idsIn(test.station);
  assert.equal(more.length, 0);
  for (const outcome of outcomes) {
    if (outcome.kind !== "under-way") assert.equal(idOf(outcome), id);
  }
  for (const node of nodes) assert.equal(idOf(await node.submit(keyed("k"))), id);
});

Deno.test("what failed is done at once by the next request, under the same id", async () => {
  await using test = await startTestStation();
  const tried: (string | undefined)[] = [];
  const failing = nodeOn(test.station, {
    append: (events) => {
      tried.push(events[0]!.message);
      return away();
    },
  });
  const failed = await failing.submit(keyed("k"));
  assert.equal(failed.kind, "refused");
  const id = idOf(await nodeOn(test.station).submit(keyed("k")));
  assert.deepEqual(tried, [id]);
  assert.deepEqual(await idsIn(test.station), [id]);
});

Deno.test("a node that dies in between leaves it to the next, once nobody can be at it", async () => {
  await using test = await startTestStation();
  const clock = { ahead: 0 };
  const now = () => Date.now() + clock.ahead;
  const reached = Promise.withResolvers<string | undefined>();
  const dead = nodeOn(test.station, {
    append: (events) => {
      reached.resolve(events[0]!.message);
      return new Promise(() => {});
    },
  });
  void dead.submit(keyed("k"));
  const noted = await reached.promise;
  const alive = nodeOn(test.station, { now });
  const early = await alive.submit(keyed("k"));
  assert.equal(early.kind, "under-way");
  clock.ahead = (early as Submitted & { kind: "under-way" }).retryAt - Date.now() + 1;
  const id = idOf(await alive.submit(keyed("k")));
  assert.equal(id, noted);
  assert.deepEqual(await idsIn(test.station), [id]);
});

Deno.test("a node that dies with the message in the log is no reason to send it again", async () => {
  await using test = await startTestStation();
  const { events } = test.station;
  const reached = Promise.withResolvers<void>();
  const dead = nodeOn(test.station, {
    append: async (made) => {
      await events.append(made);
      reached.resolve();
      return await new Promise(() => {});
    },
  });
  void dead.submit(keyed("k"));
  await reached.promise;
  const [id] = await idsIn(test.station);
  assert.equal(idOf(await nodeOn(test.station).submit(keyed("k"))), id);
  assert.deepEqual(await idsIn(test.station), [id]);
});

Deno.test("a repeat long after a failure gets an id of its own time", async () => {
  await using test = await startTestStation();
  await nodeOn(test.station, { append: away }).submit(keyed("k"));
  const later = () => Date.now() + 3_600_000;
  const id = idOf(await nodeOn(test.station, { now: later }).submit(keyed("k")));
  assert.ok(timeOfId(id) > Date.now() + 3_500_000);
  assert.deepEqual(await idsIn(test.station), [id]);
});

Deno.test("after a refusal the key is free, for the corrected message too", async () => {
  await using test = await startTestStation();
  const node = nodeOn(test.station);
  const wrong = handover({
    raw: "From: ceo@victim.example\r\n\r\n",
    repeat: { key: "k", fingerprint: "wrong" },
  });
  assert.equal((await node.submit(wrong)).kind, "refused");
  const id = idOf(await node.submit(keyed("k", "right")));
  assert.equal((await node.submit(wrong)).kind, "key-reused");
  assert.equal(idOf(await node.submit(keyed("k", "right"))), id);
  assert.deepEqual(await idsIn(test.station), [id]);
});

Deno.test("without the log there is no promise, and nothing is accepted", async () => {
  await using test = await startTestStation();
  const memos = { putIfAbsent: away, replace: away };
  const outcome = await nodeOn(test.station, { memos }).submit(keyed("k"));
  assert.equal(outcome.kind, "refused");
  assert.equal((outcome as Submitted & { kind: "refused" }).reply.code, 451);
  assert.deepEqual(await idsIn(test.station), []);
});
