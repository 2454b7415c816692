import assert from "node:assert/strict";
import { event, type EventData, type NewEvent, uuidv7 } from "@chappe/src/events";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";
import { messageDetail, NOW } from "../test_data.ts";
import { KEYS } from "../test_ports.ts";

const platform = { key: KEYS.platform };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TODAY = NOW - NOW % DAY;
const IP = "192.0.2.1";

interface Warmup {
  state: string;
  today: unknown;
  plan: { date: string; day: number; cap: number; hours: number[] }[];
  days: { date: string; day: number | null; cap: number | null; sent: number; overflow: number }[];
  hours: { at: string; cap: number | null; sent: number; overflow: number }[];
  decisions: { type: string; rule: string; figures: unknown; words: string }[];
}

async function warming() {
  const console = createTestConsole();
  await send(console, "POST /pools", { pool: "gold", owner: "demo" }, platform);
  await send(console, "POST /addresses", { address: IP, pool: "gold" }, platform);
  await send(console, "PUT /accounts/demo/pools", { pools: ["gold"] }, platform);
  const decided: EventData<"address.warmup-advanced"> = {
    address: IP,
    day: 2,
    date: "2026-11-23",
    cap: 100,
    rule: "well-received",
    figures: { sent: 48, bounced: 0 },
    words: "Day 2 follows.",
  };
  const envelope = { id: uuidv7(NOW), account: "platform", at: TODAY + DAY + 60_000 };
  await console.log.append([event("address.warmup-advanced", envelope, decided) as NewEvent]);
  console.clock.now = TODAY + DAY + 9 * HOUR + 7 * 60_000;
  return console;
}

Deno.test("a warm-up: plan, what was sent by day and hour, overflow, decisions", async () => {
  const console = await warming();
  const outcomes = { provider: "google", deferred: 0, bounced: 0 };
  console.data.attempts = [
    { at: TODAY + 6 * HOUR, sent: 2, delivered: 2, ...outcomes },
    { at: TODAY + DAY + 9 * HOUR, sent: 1, delivered: 1, ...outcomes },
    { at: TODAY + DAY + 9 * HOUR, sent: 2, delivered: 2, ...outcomes, provider: "orange" },
  ];
  console.data.overflow = [{ at: TODAY + DAY + 9 * HOUR, sent: 40, delivered: 40, ...outcomes }];
  const { status, body } = await send<Warmup>(console, `GET /addresses/${IP}/warmup?days=2`);
  assert.equal(status, 200);
  assert.equal(body.state, "warming");
  assert.deepEqual(body.today, {
    date: "2026-11-23",
    cap: 100,
    sent: 3,
    hour: { at: "2026-11-23T09:00:00.000Z", cap: 4, released: 4, sent: 3 },
  });
  assert.deepEqual(body.plan.slice(0, 2).map(({ date, day, cap }) => [date, day, cap]), [
    ["2026-11-23", 2, 100],
    ["2026-11-24", 3, 500],
  ]);
  assert.equal(body.plan.length, 20, "to the last day of the calendar");
  for (const { cap, hours } of body.plan) assert.equal(hours.reduce((a, b) => a + b), cap);
  assert.deepEqual(
    body.days.map(({ date, day, cap, sent, overflow }) => [date, day, cap, sent, overflow]),
    [["2026-11-22", 1, 50, 2, 0], ["2026-11-23", 2, 100, 3, 40]],
  );
  assert.equal(body.hours.length, 34);
  assert.deepEqual(
    [body.hours.at(-1)!.cap, body.hours.at(-1)!.sent, body.hours.at(-1)!.overflow],
    [4, 3, 40],
  );
  const [decision] = body.decisions;
  assert.deepEqual(decision?.figures, { sent: 48, bounced: 0 });
  problemIn(await send(console, `GET /addresses/${IP}/warmup?days=32`), 422);
});

Deno.test("a warm address has no plan and no caps", async () => {
  const console = await warming();
  await send(console, `PATCH /addresses/${IP}`, { state: "warm" }, platform);
  const { body } = await send<Warmup>(console, `GET /addresses/${IP}/warmup?days=1`);
  assert.deepEqual(body.plan, []);
  assert.deepEqual(JSON.parse(JSON.stringify(body.today)).cap, null);
});

Deno.test("a warm-up is simulated on a volume, or on the account's own traffic", async () => {
  const console = await warming();
  type Simulated = {
    warmOn: string | null;
    days: { date: string; arrived: number; dedicated: number; overflow: number; waiting: number }[];
    hours: unknown[];
  };
  const simulate = async (body: object) =>
    (await send<Simulated>(console, "POST /warmup/simulate", body)).body;
  const made = await simulate({ volume: 5000, days: 2 });
  assert.deepEqual(
    made.days.map(({ date, dedicated, overflow }) => [date, dedicated, overflow]),
    [["2026-11-23", 100, 4900], ["2026-11-24", 200, 4800]],
  );
  assert.equal(made.hours.length, 48);
  const waits = await simulate({ volume: 5000, days: 1, overflow: false });
  assert.equal(waits.days[0]!.waiting, 4900);
  const calendar = { calendar: "x", days: [5000], increment: 0, lastDay: 1, providers: {} };
  assert.equal((await simulate({ volume: 5000, days: 2, calendar })).warmOn, "2026-11-24");

  const request = { days: 3, addresses: 1 };
  const none = await send(console, "POST /warmup/simulate", request);
  assert.match(problemIn(none, 404).detail, /no past traffic/);
  console.data.arrivals = [
    { at: TODAY - DAY, provider: "google", count: 30 },
    { at: TODAY, provider: "orange", count: 7 },
  ];
  const own = await simulate(request);
  assert.deepEqual(own.days.map(({ arrived }) => arrived), [30, 7, 30]);

  for (const wrong of [{ volume: 0 }, { volume: 1, days: 121 }, { volume: 1, profile: "odd" }]) {
    problemIn(await send(console, "POST /warmup/simulate", wrong), 422);
  }
  const lost = { volume: 1, calendar: "none" };
  problemIn(await send(console, "POST /warmup/simulate", lost), 404);
  const falling = { volume: 1, calendar: { ...calendar, days: [2, 1], lastDay: 2 } };
  problemIn(await send(console, "POST /warmup/simulate", falling), 422);
});

Deno.test("advice by a volume and by the account's own traffic", async () => {
  const console = createTestConsole();
  type Told = {
    forVolume: { addresses: number } | null;
    byTraffic: { addresses: number; words: string };
  };
  const { body: none } = await send<Told>(console, "GET /advice/addresses");
  assert.equal(none.forVolume, null);
  assert.equal(none.byTraffic.words, "No traffic yet to go by.");
  const { total } = console.data.stats;
  console.data.stats = {
    total,
    items: [70_000, 90_000].map((sent, i) => ({ key: `${i}`, ...total, sent })),
  };
  const { body } = await send<Told>(console, "GET /advice/addresses?volume=250000");
  assert.equal(body.forVolume!.addresses, 4);
  assert.equal(body.byTraffic.addresses, 3);
  problemIn(await send(console, "GET /advice/addresses?volume=many"), 422);
});

Deno.test("why a message went its way, for each recipient", async () => {
  const console = createTestConsole();
  const detail = messageDetail();
  detail.recipients[0]!.events = [{
    id: uuidv7(NOW),
    type: "delivery.delivered",
    at: NOW,
    rcpt: 0,
    data: {
      attempt: 1,
      address: "192.0.2.7",
      pool: "shared",
      provider: "google",
      domain: "example.net",
      mx: "mx.example.net",
      tls: null,
      tookMs: 4,
      why: { rule: "overflow", figures: { addresses: 1 } },
      reply: { code: 250, enhanced: null, text: "Ok" },
    },
  }];
  console.data.messages = { demo: [detail] };
  type Story = { recipients: { recipient: string; events: { words: string[] }[] }[] };
  const why = `GET /messages/${detail.id}/why`;
  const { body } = await send<Story>(console, `${why}?recipient=YOU@example.net`);
  assert.deepEqual(body.recipients[0]!.events[0]!.words, [
    "Attempt 1 from 192.0.2.7 (pool shared) to mx.example.net (google): taken. " +
    "The server said: 250 Ok",
    "An address of the overflow pool, as none of the account's own was free.",
  ]);
  assert.deepEqual((await send(console, why)).body, body);
  problemIn(await send(console, `${why}?recipient=else@example.net`), 404);
  problemIn(await send(console, `${why}`, undefined, { key: "other-key" }), 404);
});
