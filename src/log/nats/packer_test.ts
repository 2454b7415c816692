import assert from "node:assert/strict";
import fc from "fast-check";
import { LogUnavailableError } from "../port.ts";
import { Packer, type PackerOptions } from "./packer.ts";

/** A packer of numbers whose commits finish when told to; an item weighs what it says. */
function packer(more: Partial<PackerOptions<number, string>> = {}) {
  const commits: { items: readonly number[]; finish(error?: Error): void; limitMs: number }[] = [];
  const made = new Packer<number, string>({
    maxBytes: 10,
    maxItems: 100,
    maxInFlight: 1,
    maxWaitingBytes: 1000,
    limitMs: 5000,
    commit: (items, limitMs) =>
      new Promise((resolve, reject) => {
        const finish = (error?: Error) =>
          error ? reject(error) : resolve(items.map((item) => `done ${item}`));
        commits.push({ items, finish, limitMs });
      }),
    ...more,
  });
  return { commits, add: (item: number) => made.add(item, item), idle: () => made.idle() };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("what comes during a commit travels in the next, and each gets its own answer", async () => {
  const { commits, add } = packer();
  const answers = [add(1), add(2)];
  await turn();
  assert.deepEqual(commits.map((commit) => commit.items), [[1, 2]]);
  answers.push(add(3), add(4));
  await turn();
  assert.equal(commits.length, 1);
  commits[0]!.finish();
  await turn();
  assert.deepEqual(commits[1]!.items, [3, 4]);
  commits[1]!.finish();
  assert.deepEqual(await Promise.all(answers), ["done 1", "done 2", "done 3", "done 4"]);
});

Deno.test("a commit holds no more than its bytes and items; a larger item travels alone", async () => {
  const bytes = packer({ maxInFlight: 10 });
  for (const item of [4, 4, 4, 25, 1, 9, 1]) bytes.add(item);
  await turn();
  assert.deepEqual(bytes.commits.map((c) => c.items), [[4, 4], [4], [25], [1, 9], [1]]);
  const items = packer({ maxInFlight: 10, maxItems: 2 });
  for (const item of [1, 1, 1]) items.add(item);
  await turn();
  assert.deepEqual(items.commits.map((c) => c.items), [[1, 1], [1]]);
});

Deno.test("no more commits are under way than allowed", async () => {
  const { commits, add } = packer({ maxInFlight: 2 });
  for (const item of [9, 9, 9, 9]) add(item);
  await turn();
  assert.equal(commits.length, 2);
  commits[0]!.finish();
  await turn();
  assert.equal(commits.length, 3);
});

Deno.test("a failed commit fails its own items and no others", async () => {
  const { commits, add } = packer();
  const [first, second] = [add(9), add(8)];
  await turn();
  commits[0]!.finish(new Error("disk on fire"));
  await assert.rejects(first, /disk on fire/);
  commits[1]!.finish();
  assert.equal(await second, "done 8");
});

Deno.test("too much waiting is refused at once, and taken again when there is room", async () => {
  const { commits, add } = packer({ maxWaitingBytes: 20 });
  const first = add(15);
  await assert.rejects(add(6), LogUnavailableError);
  const fits = add(5);
  await turn();
  commits[0]!.finish();
  await first;
  const later = add(15);
  commits[1]!.finish();
  await fits;
  await turn();
  commits[2]!.finish();
  await later;
});

Deno.test("one item larger than all that may wait is still taken", async () => {
  const { commits, add } = packer({ maxWaitingBytes: 20 });
  const answer = add(50);
  await turn();
  commits[0]!.finish();
  assert.equal(await answer, "done 50");
});

Deno.test("time spent waiting counts", async () => {
  const { commits, add } = packer({ limitMs: 1000 });
  add(9);
  add(9).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  commits[0]!.finish();
  await turn();
  assert.ok(commits[0]!.limitMs <= 1000);
  assert.ok(commits[1]!.limitMs <= 951, `${commits[1]!.limitMs} ms`);
});

Deno.test("idle resolves when all is done, failed or not", async () => {
  const { commits, add, idle } = packer();
  await idle();
  let isIdle = false;
  add(9);
  add(8).catch(() => {});
  const done = idle().then(() => isIdle = true);
  await turn();
  commits[0]!.finish();
  await turn();
  assert.equal(isIdle, false);
  commits[1]!.finish(new Error("no"));
  await done;
});

Deno.test("whatever the sizes, all is committed once and in order", async () => {
  const sizes = fc.array(fc.nat(20), { maxLength: 40 });
  await fc.assert(fc.asyncProperty(sizes, async (items) => {
    const seen: number[] = [];
    const made = new Packer<number, number>({
      maxBytes: 10,
      maxItems: 3,
      maxInFlight: 1,
      maxWaitingBytes: 10_000,
      limitMs: 5000,
      commit: async (pack) => {
        await Promise.resolve();
        seen.push(...pack);
        return pack.map((item) => item * 2);
      },
    });
    const answers = await Promise.all(items.map((item) => made.add(item, item)));
    assert.deepEqual(seen, items);
    assert.deepEqual(answers, items.map((item) => item * 2));
  }));
});
