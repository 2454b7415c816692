import assert from "node:assert/strict";
import { type Event, event, type EventData, type EventType, uuidv7 } from "@chappe/src/events";
import {
  evolveSending,
  NO_SENDING,
  type SendingState,
  type Sheet,
  taken,
} from "@chappe/src/sending";
import { createRouter } from "./mod.ts";

const NOW = Date.UTC(2026, 10, 22, 9, 30);
let made = 0;
const question = () => ({ account: "acme", provider: "google", copy: `c${made++}` });

function after<T extends EventType>(
  state: SendingState,
  type: T,
  data: EventData<T>,
  account = "platform",
): SendingState {
  const fact = event(type, { id: uuidv7(1), account, at: NOW }, data);
  return evolveSending(state, { ...fact, recorded: NOW } as unknown as Event);
}
const withAddress = (state: SendingState, address: string, pool: string, day: number | null) =>
  after(state, "settings.address-added", {
    address,
    ehlo: "out.example",
    pool,
    calendar: "default",
    standing: day === null ? { kind: "warm" } : { kind: "warming", day, date: "2026-11-22" },
  });

function start(now: SendingState, addresses: string[]) {
  const sending = { now };
  const kept = new Map<string, { value: unknown; revision: number }>();
  const router = createRouter({
    sending,
    sources: { addresses, hostname: "relay.example" },
    registers: {
      read: (key) => Promise.resolve(kept.get(key) ?? null),
      write(key, value, revision) {
        kept.set(key, { value, revision: revision + 1 });
        return Promise.resolve(revision + 1);
      },
    },
    counters: { get: () => Promise.resolve(0) },
    node: "n",
    now: () => NOW,
    freeAt: () => 0,
  });
  const addressesOf = async (count: number) => {
    const found = [];
    for (let i = 0; i < count; i++) {
      const route = await router.choose(question());
      found.push(route.kind === "send" ? route.address : "waits");
    }
    return found;
  };
  const takenNow = () => [...kept.values()].map(({ value }) => taken(value as Sheet));
  return { sending, router, addressesOf, takenNow };
}

Deno.test("addresses of the configuration are the shared pool's, in turn; without any the system's", async () => {
  const { router, addressesOf } = start(NO_SENDING, ["192.0.2.1", "192.0.2.2"]);
  const route = await router.choose(question());
  assert(route.kind === "send");
  const { address, ehlo, pool, why, beginBy } = route;
  assert.deepEqual({ address, ehlo, pool, why, beginBy }, {
    address: "192.0.2.1",
    ehlo: "relay.example",
    pool: "shared",
    why: { rule: "shared-pool", figures: { addresses: 2 } },
    beginBy: null,
  });
  assert.deepEqual(await addressesOf(3), ["192.0.2.2", "192.0.2.1", "192.0.2.2"]);
  const none = await start(NO_SENDING, []).router.choose(question());
  assert(none.kind === "send");
  assert.deepEqual([none.address, none.ehlo], [null, "relay.example"]);
});

Deno.test("a shared address of the settings takes the place of those of the configuration", async () => {
  const { sending, addressesOf } = start(NO_SENDING, ["192.0.2.1"]);
  assert.deepEqual(await addressesOf(1), ["192.0.2.1"]);
  sending.now = withAddress(sending.now, "192.0.2.9", "shared", null);
  assert.deepEqual(await addressesOf(1), ["192.0.2.9"]);
  // One that the settings know is where they say it is, and no shared address besides.
  sending.now = withAddress(NO_SENDING, "192.0.2.1", "other", null);
  assert.deepEqual(await addressesOf(1), [null]);
});

Deno.test("measures take hold of addresses of the configuration too", async () => {
  const { sending, addressesOf, router } = start(NO_SENDING, ["192.0.2.1", "192.0.2.2"]);
  sending.now = after(sending.now, "shaping.applied", {
    rule: "r",
    provider: "google",
    address: "192.0.2.1",
    pool: "shared",
    action: { kind: "suspend", scope: "address" },
    until: NOW + 1000,
    figures: {},
    words: "",
  });
  assert.deepEqual(await addressesOf(2), ["192.0.2.2", "192.0.2.2"]);
  sending.now = after(sending.now, "shaping.applied", {
    rule: "s",
    provider: "google",
    address: null,
    pool: "shared",
    action: { kind: "connections", most: 1 },
    until: NOW + 1000,
    figures: {},
    words: "",
  });
  assert.equal(router.limits("192.0.2.2", "google").connections, 1);
});

Deno.test("a warming address has to begin in its hour, and gives back what was not begun", async () => {
  const day1 = after(
    after(NO_SENDING, "settings.pool-created", { pool: "own", kind: "dedicated", owner: "acme" }),
    "settings.pools-assigned",
    { pools: ["own"], overflow: null },
    "acme",
  );
  const { router, takenNow } = start(withAddress(day1, "192.0.2.1", "own", 1), []);
  const [first, second] = [await router.choose(question()), await router.choose(question())];
  assert(first.kind === "send" && second.kind === "send");
  assert.equal(first.ehlo, "out.example");
  assert.equal(first.beginBy, Date.UTC(2026, 10, 22, 9, 59, 55));
  const third = await router.choose(question());
  assert(third.kind === "wait");
  assert.equal(third.why.alternatives![0]!.rule, "warm-up-day-1");
  await first.unused();
  assert.equal((await router.choose(question())).kind, "send");
  assert.deepEqual(takenNow(), [2]);
  await second.unused();
  assert.deepEqual(takenNow(), [1]);
});

Deno.test("mail that nobody's servers take has the account's pool, and no address", () => {
  const { router } = start(NO_SENDING, ["192.0.2.1"]);
  const { pool, address, why } = router.nowhere("acme");
  assert.deepEqual({ pool, address, why }, {
    pool: "shared",
    address: null,
    why: { rule: "no-servers" },
  });
});
