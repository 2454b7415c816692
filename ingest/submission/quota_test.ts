/** Caps on the real log: shared exactly by nodes, and over crashes. */
import assert from "node:assert/strict";
import { startTestNats } from "@chappe/src/embedded";
import { connectStation, LogUnavailableError } from "@chappe/src/log";
import { SILENT } from "@chappe/src/runtime";
import { type Account, NO_LIMITS } from "@chappe/src/settings";
import { Refusal } from "../smtp/refusal.ts";
import { createQuotas, type Quotas } from "./quota.ts";
import { countersInMemory, demoSettings } from "./test_support.ts";

const AT = Date.UTC(2026, 10, 22, 9, 30);
const NEXT_HOUR = Date.UTC(2026, 10, 22, 10);

function limited(limits: Partial<Account["limits"]>): Account {
  return { ...demoSettings().accounts.get("demo")!, limits: { ...NO_LIMITS, ...limits } };
}

/** How many of `n` messages offered at once are taken. */
async function taken(quotas: Quotas, account: Account, n: number, at = AT): Promise<number> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: n }, () => quotas.take(account, at)),
  );
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") assert.match(outcome.reason.message, /limit of \d+ mess/);
  }
  return outcomes.filter(({ status }) => status === "fulfilled").length;
}

for (const cap of [1, 7, 60, 500]) {
  Deno.test(`two nodes share a cap of ${cap} exactly, and crashes never raise it`, async () => {
    await using nats = await startTestNats();
    const connect = () => connectStation({ url: nats.url, now: Date.now, logger: SILENT });
    await using stations = await Promise.all([connect(), connect()]).then((all) => ({
      all,
      [Symbol.asyncDispose]: async () => void await Promise.all(all.map((s) => s.close())),
    }));
    const account = limited({ messagesPerHour: cap });
    const nodes = stations.all.map(({ counters }) => createQuotas(counters, () => AT));
    const first = await Promise.all(nodes.map((node) => taken(node, account, Math.ceil(cap / 4))));
    // One node is gone without a goodbye; another takes its place.
    nodes[0] = createQuotas(stations.all[0]!.counters, () => AT);
    await nats.kill();
    await nats.restart();
    const rest = await Promise.all(nodes.map((node) => taken(node, account, cap)));
    const all = [...first, ...rest].reduce((sum, n) => sum + n, 0);
    assert.ok(all <= cap, `${all} of ${cap}`);
    // Small caps are taken one by one: what a crash loses is at most what was asked for meanwhile.
    if (cap < 100) assert.equal(all, cap);
    else assert.ok(all >= cap * 0.9, `${all} of ${cap}`);
    assert.equal(await taken(nodes[1]!, account, 1, NEXT_HOUR), 1, "the next hour is another");
  });
}

Deno.test("what a node has not used goes back when it closes", async () => {
  const counters = countersInMemory();
  const account = limited({ messagesPerHour: 1000 });
  const first = createQuotas(counters, () => AT);
  assert.equal(await taken(first, account, 1), 1);
  await first.close();
  const second = createQuotas(counters, () => AT);
  assert.equal(await taken(second, account, 2000), 999);
});

Deno.test("a day counts as well as an hour, and the hour keeps what the day refused", async () => {
  const clock = { at: AT };
  const quotas = createQuotas(countersInMemory(), () => clock.at);
  const account = limited({ messagesPerHour: 3, messagesPerDay: 5 });
  assert.equal(await taken(quotas, account, 10), 3);
  clock.at = NEXT_HOUR;
  assert.equal(await taken(quotas, account, 10, NEXT_HOUR), 2);
  await assert.rejects(quotas.take(account, NEXT_HOUR), /Daily limit of 5 messages.*2026-11-23T00/);
  assert.equal(await taken(quotas, limited({ messagesPerHour: 3 }), 10, NEXT_HOUR), 1);
});

Deno.test("once used up that is known at MAIL, until the cap is raised or the hour is over", async () => {
  const clock = { at: AT };
  const quotas = createQuotas(countersInMemory(), () => clock.at);
  const account = limited({ messagesPerHour: 2 });
  quotas.check(account, AT);
  assert.equal(await taken(quotas, account, 3), 2);
  assert.throws(
    () => quotas.check(account, AT),
    (error) =>
      error instanceof Refusal && error.responseCode === 451 &&
      error.message ===
        "4.7.1 Hourly limit of 2 messages reached, next at 2026-11-22T10:00:00.000Z",
  );
  quotas.check(account, NEXT_HOUR);
  const raised = limited({ messagesPerHour: 5 });
  quotas.check(raised, AT);
  assert.equal(await taken(quotas, raised, 10), 3);
  clock.at += 11_000;
  quotas.check(raised, AT);
  assert.equal(await taken(quotas, raised, 10), 0);
});

Deno.test("with the log away nothing is taken; accounts without limits ask nobody", async () => {
  const quotas = createQuotas(
    { add: () => Promise.reject(new LogUnavailableError("away")) },
    () => AT,
  );
  await quotas.take(limited({}), AT);
  await assert.rejects(quotas.take(limited({ messagesPerHour: 1 }), AT), LogUnavailableError);
});
