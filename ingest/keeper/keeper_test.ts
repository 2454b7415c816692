import assert from "node:assert/strict";
import type { Event, EventType } from "@chappe/src/events";
import { formatMetrics } from "@chappe/src/runtime";
import { until } from "../test_station.ts";
import {
  bounced,
  bouncedLater,
  complained,
  deferred,
  delivered,
  fact,
  HOUR,
  MINUTE,
  source,
  START,
  startKeeper,
  startWorld,
  times,
  type World,
} from "./test_keeper.ts";

const IP = "192.0.2.1";
const OTHER = "192.0.2.2";

/** Waits until the log holds so many events of the type, and a moment more: there are no others. */
async function exactly<T extends EventType>(
  world: World,
  type: T,
  count: number,
): Promise<Event<T>[]> {
  const found = async () =>
    (await world.read("address", "shaping")).filter((e) => e.type === type) as Event<T>[];
  await until(async () => (await found()).length >= count);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const all = await found();
  assert.equal(all.length, count, JSON.stringify(all));
  return all;
}
const nothing = (world: World, type: EventType) => exactly(world, type, 0);

Deno.test("replies lead to a measure, once however many nodes see them; then its time is over", async () => {
  await using world = await startWorld();
  await world.append(source(IP, START), source(OTHER, START));
  await using _one = await startKeeper(world);
  await using _other = await startKeeper(world);
  await world.append(...times(3, (i) => deferred({ at: START + i })));
  const [applied] = await exactly(world, "shaping.applied", 1);
  const { rule, provider, address, pool, until: end } = applied!.data;
  assert.deepEqual({ rule, provider, address, pool, end }, {
    rule: "yahoo-tss04",
    provider: "yahoo",
    address: IP,
    pool: "acme",
    end: START + 2 + 2 * HOUR,
  });
  await nothing(world, "shaping.expired");

  world.now = START + 2 + 2 * HOUR;
  const [expired] = await exactly(world, "shaping.expired", 1);
  assert.deepEqual(expired!.data, { rule, provider, address, early: false });
  assert.equal(expired!.at, end);

  await world.append(...times(3, (i) => deferred({ at: world.now + MINUTE + i })));
  await exactly(world, "shaping.applied", 2);
});

Deno.test("a burst of complaints pauses the address that the mail left from: one line, one alert", async () => {
  await using world = await startWorld();
  const mails = times(200, (i) => delivered({ at: START + i, address: i < 100 ? IP : OTHER }));
  await world.append(source(IP, START), source(OTHER, START), ...mails);
  await using one = await startKeeper(world);
  await using other = await startKeeper(world);
  const at = START + MINUTE;
  await world.append(...mails.slice(100, 104).map((mail, i) => complained(mail, at + i)));
  await world.append(...mails.slice(0, 5).map((mail, i) => complained(mail, at + i)));
  const [paused] = await exactly(world, "address.paused", 1);
  assert.equal(paused!.data.address, IP);
  assert.equal(paused!.data.rule, "complaints-1h");
  assert.match(paused!.data.words, /^5 of 100 complained \(5 %\) from 192\.0\.2\.1 within 1h/);

  const lines = [...one.lines, ...other.lines].filter((line) => line.includes("address.paused"));
  assert.equal(lines.length, 1);
  assert.equal(JSON.parse(lines[0]!).level, "warn");
  const text = formatMetrics([...one.metrics.snapshot(), ...other.metrics.snapshot()]);
  assert.match(text, /^chappe_alerts_total{rule="complaints-1h"} 1$/m);
});

Deno.test("bounces that come by mail count for the address that the copy left from", async () => {
  await using world = await startWorld();
  const mails = times(50, (i) => delivered({ at: START + i }));
  await world.append(source(IP, START), ...mails);
  await using _ = await startKeeper(world);
  await world.append(...mails.slice(0, 25).map((mail, i) => bouncedLater(mail, START + 1000 + i)));
  const [paused] = await exactly(world, "address.paused", 1);
  assert.deepEqual([paused!.data.address, paused!.data.rule], [IP, "bounces-15m"]);
});

Deno.test("trouble at one provider keeps the address from that one alone", async () => {
  await using world = await startWorld();
  await world.append(
    source(IP, START),
    ...times(400, (i) => delivered({ at: START + i, provider: "google" })),
  );
  await using _ = await startKeeper(world);
  await world.append(...times(30, (i) => bounced({ at: START + 500 + i, provider: "free" })));
  const [applied] = await exactly(world, "shaping.applied", 1);
  const { provider, address, action } = applied!.data;
  assert.deepEqual({ provider, address, action }, {
    provider: "free",
    address: IP,
    action: { kind: "suspend", scope: "address" },
  });
  await nothing(world, "address.paused");
});

Deno.test("what happened while nobody watched is acted on at the start, once", async () => {
  await using world = await startWorld();
  await world.append(source(IP, START));
  await world.append(...times(3, (i) => deferred({ at: START + i })));
  world.now = START + 20 * MINUTE;
  for (let start = 0; start < 3; start++) {
    await using _ = await startKeeper(world);
    await exactly(world, "shaping.applied", 1);
  }
  world.now = START + 3 * HOUR;
  await using _ = await startKeeper(world);
  await exactly(world, "shaping.expired", 1);
});

Deno.test("what would be over by now is not begun", async () => {
  await using world = await startWorld();
  await world.append(source(IP, START));
  await world.append(
    ...times(25, (i) => deferred({ at: START + i, provider: "tiny" }, "4.7.0 busy")),
  );
  world.now = START + 50 * MINUTE;
  await using keeper = await startKeeper(world);
  await until(() => keeper.lines.some((line) => line.includes("keeper.past")));
  // "burst-of-421" holds for ten minutes.
  await nothing(world, "shaping.applied");
});

Deno.test("who resumes an address, or lifts a measure, is not contradicted, by a fresh start neither", async () => {
  await using world = await startWorld();
  const mails = times(50, (i) => bounced({ at: START + i, provider: i % 2 ? "free" : "sfr" }));
  await world.append(source(IP, START));
  {
    await using _ = await startKeeper(world);
    await world.append(...mails, ...times(3, (i) => deferred({ at: START + 100 + i })));
    await exactly(world, "address.paused", 1);
    await exactly(world, "shaping.applied", 3);
    world.now = START + MINUTE;
    await world.append(
      fact("address.resumed", { address: IP, words: "by hand" }, world.now),
      fact(
        "shaping.expired",
        { rule: "yahoo-tss04", provider: "yahoo", address: IP, early: true },
        world.now,
      ),
    );
    world.now += 1000;
    await world.append(bounced({ at: world.now, provider: "free" }));
    await exactly(world, "address.paused", 1);
  }
  await using _ = await startKeeper(world);
  world.now += 1000;
  await world.append(bounced({ at: world.now, provider: "sfr" }));
  await exactly(world, "address.paused", 1);
  await exactly(world, "shaping.applied", 3);

  // The provider goes on as before: the measure is taken anew.
  await world.append(...times(3, (i) => deferred({ at: world.now + i })));
  await exactly(world, "shaping.applied", 4);
});

Deno.test("an address paused by hand stays paused, whatever comes", async () => {
  await using world = await startWorld();
  const words = { rule: "by-hand", figures: {}, words: "by hand" };
  await world.append(
    source(IP, START),
    fact("address.paused", { address: IP, until: null, ...words }, START),
  );
  await using _ = await startKeeper(world);
  await world.append(...times(40, (i) => bounced({ at: START + 1 + i })));
  // The alert about the provider shows that the bounces were seen.
  await exactly(world, "shaping.applied", 1);
  await exactly(world, "address.paused", 1);
});

Deno.test("the day before counts after a start: an alert about a day's bounces", async () => {
  await using world = await startWorld();
  world.now = START - 20 * HOUR;
  await world.append(source(IP, world.now));
  await world.append(...times(49, (i) => bounced({ at: world.now + i })));
  world.now = START;
  await using keeper = await startKeeper(world);
  await until(() => keeper.lines.some((line) => line.includes("keeper.past")));
  await world.append(bounced({ at: START }));
  const [alert] = await exactly(world, "address.alerted", 1);
  assert.equal(alert!.data.rule, "bounces-24h");
  assert.deepEqual(alert!.data.figures, { sent: 50, bounced: 50, rate: 1, threshold: 0.05 });
});

Deno.test("an address that nobody knows cannot be paused, and one odd event stops nothing", async () => {
  await using world = await startWorld();
  await world.append(source(IP, START));
  await using keeper = await startKeeper(world);
  await world.append(...times(40, (i) => bounced({ at: START + i, address: "198.51.100.9" })));
  await world.append(...times(60, (i) => bounced({ at: START + i, address: "no-address" })));
  await world.append(...times(3, (i) => deferred({ at: START + 100 + i })));
  await until(async () =>
    (await world.read("shaping")).some((e) =>
      e.type === "shaping.applied" && e.data.rule === "yahoo-tss04"
    )
  );
  await nothing(world, "address.paused");
  assert(keeper.lines.some((line) => line.includes("keeper.unjudged")));
});

Deno.test("what is decided while the log is away is written when it is back", async () => {
  await using world = await startWorld();
  const mails = times(100, (i) => delivered({ at: START + i }));
  await world.append(source(IP, START), ...mails);
  await using _ = await startKeeper(world);
  await world.append(...mails.slice(0, 5).map((mail, i) => complained(mail, START + 1000 + i)));
  await world.nats.kill();
  await world.nats.restart();
  await exactly(world, "address.paused", 1);
});

Deno.test("figures of the addresses are shown", async () => {
  await using world = await startWorld();
  await world.append(source(IP, START, { day: 2, date: "2026-06-01" }), source(OTHER, START));
  await using keeper = await startKeeper(world);
  await world.append(
    ...times(7, (i) => delivered({ at: START + i })),
    deferred({ at: START + 10 }, "4.7.0 busy"),
  );
  const text = () => formatMetrics(keeper.metrics.snapshot());
  await until(() => text().includes('chappe_address_sent_today{address="192.0.2.1"} 8'));
  for (
    const line of [
      'chappe_address_state{address="192.0.2.1",state="warming"} 1',
      'chappe_address_state{address="192.0.2.2",state="warm"} 1',
      'chappe_address_cap_today{address="192.0.2.1"} 100',
      'chappe_address_received_1h{address="192.0.2.1",provider="all",outcome="delivered"} 7',
      'chappe_address_received_1h{address="192.0.2.1",provider="yahoo",outcome="deferred"} 1',
      "chappe_shaping_measures 0",
    ]
  ) assert(text().includes(`${line}\n`), `${line} in\n${text()}`);
  assert(!text().includes('chappe_address_cap_today{address="192.0.2.2"}'));
});
