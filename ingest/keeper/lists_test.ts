import assert from "node:assert/strict";
import { createDnsClient, startTestDns, type Zone } from "@chappe/src/dns";
import type { Event } from "@chappe/src/events";
import { createLogger, createMetrics, formatMetrics } from "@chappe/src/runtime";
import { DNSBLS, evolveSending, NO_SENDING, type SendingState } from "@chappe/src/sending";
import { until } from "../test_station.ts";
import { askLists, listsOf, type Round } from "./lists.ts";
import { watchLists } from "./rounds.ts";
import { fact, MINUTE, source, START, startWorld } from "./test_keeper.ts";

const IP = "192.0.2.1";
const V6 = "2001:db8::1";
const V6_REVERSED = `1.${"0.".repeat(23)}8.b.d.0.1.0.0.2`;

const a = (...values: string[]): Zone => ({
  records: values.map((value) => ({ type: "A", value, ttl: 60 })),
});

function stateOf(...events: unknown[]): SendingState {
  return (events as Event[]).reduce(evolveSending, NO_SENDING);
}

async function round(
  zones: Record<string, Zone>,
  lists: readonly string[],
  state = stateOf(source(IP, START)),
): Promise<Round & { asked: readonly string[] }> {
  await using server = await startTestDns(zones);
  const dns = createDnsClient({
    servers: [server.server],
    now: () => START,
    timeoutMs: 100,
    rounds: 1,
    maxCached: 0,
  });
  const result = await askLists({
    state: () => state,
    lists: listsOf(lists),
    dns,
    now: () => START,
  });
  return { ...result, asked: server.asked };
}
const types = ({ facts }: Round) => facts.map(({ type }) => type);

Deno.test("a listing is recorded and raises an alert, in the list's own words", async () => {
  const found = await round(
    { "1.2.0.192.zen.spamhaus.org": a("127.0.0.2", "127.0.0.4") },
    ["zen.spamhaus.org", "bl.spamcop.net"],
  );
  assert.deepEqual(types(found), ["address.listed", "address.alerted"]);
  const [listed, alert] = found.facts;
  const words = "zen.spamhaus.org lists 192.0.2.1 (SBL, XBL). " +
    "See https://www.spamhaus.org/faqs/dnsbl-usage/";
  assert.deepEqual(listed!.data, {
    address: IP,
    list: "zen.spamhaus.org",
    answers: ["127.0.0.2", "127.0.0.4"],
    words,
  });
  assert.deepEqual(alert!.data, {
    address: IP,
    provider: null,
    rule: "block-list:zen.spamhaus.org",
    figures: { list: "zen.spamhaus.org", answers: "127.0.0.2 127.0.0.4" },
    words,
  });
  assert.equal(found.silent.size, 0);
});

Deno.test("what is known is no news; who is delisted is said to be, also behind a pause", async () => {
  const listed = (list: string) =>
    fact("address.listed", { address: IP, list, answers: ["127.0.0.2"], words: "x" }, START);
  const paused = fact(
    "address.paused",
    { address: IP, until: null, rule: "by-hand", figures: {}, words: "x" },
    START,
  );
  const state = stateOf(source(IP, START), paused, listed("one.example"), listed("two.example"));
  const found = await round(
    { "1.2.0.192.one.example": a("127.0.0.2") },
    ["one.example", "two.example"],
    state,
  );
  assert.deepEqual(found.facts.map(({ type, data }) => [type, data]), [
    ["address.delisted", { address: IP, list: "two.example" }],
  ]);
});

Deno.test("answers that say nothing change nothing: refusals, failures, silence, strangers", async () => {
  const name = (list: string) => `1.2.0.192.${list}`;
  const lists = ["open", "often", "broken", "silent", "parked", "off", "world"]
    .map((list) => `${list}.example`);
  const listed = lists.map((list) =>
    fact("address.listed", { address: IP, list, answers: ["127.0.0.2"], words: "x" }, START)
  );
  const zones = {
    [name("open.example")]: a("127.255.255.254"),
    [name("often.example")]: a("127.0.0.2", "127.255.255.255"),
    [name("broken.example")]: { rcode: 2 },
    [name("silent.example")]: { silent: true },
    [name("parked.example")]: a("198.51.100.7"),
    [name("off.example")]: a("127.0.0.1"),
    [name("world.example")]: a("127.0.0.2"),
    "1.0.0.127.world.example": a("127.0.0.2"),
  } satisfies Record<string, Zone>;
  for (const state of [stateOf(source(IP, START)), stateOf(source(IP, START), ...listed)]) {
    const found = await round(zones, lists, state);
    // One that answers 127.0.0.1 says that it lists nobody (any more).
    const known = state.addresses.get(IP)!.listed.size > 0;
    assert.deepEqual(types(found), known ? ["address.delisted"] : []);
    const silent = ["broken", "often", "open", "parked", "silent"];
    assert.deepEqual(
      [...found.silent.keys()].sort(),
      [...silent, ...known ? [] : ["world"]].map((list) => `${list}.example`),
    );
    assert.match(found.silent.get("open.example")!, /public resolver/);
    assert.match(found.silent.get("broken.example")!, /response code 2/);
  }
});

Deno.test("IPv6 where the list knows it; nothing about addresses that are retired", async () => {
  const retired = fact(
    "settings.address-changed",
    { address: IP, standing: { kind: "retired" } },
    START,
  );
  const state = stateOf(source(IP, START), retired, source(V6, START));
  const names = { [`${V6_REVERSED}.zen.spamhaus.org`]: a("127.0.0.3") };
  const found = await round(names, ["zen.spamhaus.org", "bl.spamcop.net"], state);
  assert.deepEqual(types(found), ["address.listed", "address.alerted"]);
  // The listing, and whether the list lists anything.
  assert.equal(found.asked.length, 2);
});
Deno.test("the shipped lists are known by their zones", () => {
  assert.deepEqual(listsOf(DNSBLS.map(({ zone }) => zone)), DNSBLS);
});

Deno.test("of several nodes one asks, every half hour; who keeps silent is told once", async () => {
  await using world = await startWorld();
  const server = await startTestDns({
    "1.2.0.192.bl.example": a("127.0.0.2"),
    "1.2.0.192.mute.example": a("127.255.255.254"),
  });
  await using _ = server;
  const over = new AbortController();
  const now = () => world.now;
  const lines: string[] = [];
  const metrics = createMetrics();
  let state = NO_SENDING;
  const types: string[] = [];
  const node = () =>
    watchLists({
      lists: listsOf(["bl.example", "mute.example"]),
      dns: createDnsClient({ servers: [server.server], now, maxCached: 0 }),
      state: () => state,
      counters: world.station.counters,
      scribe: {
        record(fact) {
          types.push(fact.type);
          state = evolveSending(state, { ...fact, recorded: world.now } as Event);
        },
      },
      metrics,
      now,
      logger: createLogger((line) => lines.push(line), now),
      signal: over.signal,
      tickMs: 10,
    });
  const nodes = Promise.all([node(), node(), node()]);
  const questions = () => server.asked.filter((name) => name.endsWith("mute.example")).length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(questions(), 0, "nothing to ask about");
  state = stateOf(source(IP, START));
  await until(() => questions() === 1 && types.length === 2);
  world.now += 30 * MINUTE;
  await until(() => questions() === 2);
  await new Promise((resolve) => setTimeout(resolve, 100));
  over.abort();
  await nodes;
  assert.equal(questions(), 2);
  assert.deepEqual(types, ["address.listed", "address.alerted"]);
  assert.match(
    formatMetrics(metrics.snapshot()),
    /chappe_block_list_silent{list="mute.example"} 1/,
  );
  const told = lines.filter((line) => line.includes("keeper.list-silent")).length;
  assert(told >= 1 && told <= 2, "once for each node that asked");
});
