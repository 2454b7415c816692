import assert from "node:assert/strict";
import fc from "fast-check";
import { dnsblName, readDnsbl } from "./dnsbl.ts";
import { DNSBLS } from "./dnsbl_data.ts";
import { ALERT_HOLDS_MS, createReputation, type Reputation } from "./reputation.ts";
import { COUNTED, Rolling, WINDOW_NAMES } from "./rolling.ts";
import { HOUR, MINUTE } from "./time.ts";

const START = Date.UTC(2026, 10, 22);
const LENGTH = { "15m": [MINUTE, 15], "1h": [5 * MINUTE, 12], "24h": [HOUR, 24] } as const;

Deno.test("windows hold exactly the buckets that end now, in whatever order news comes", () => {
  const event = fc.record({ what: fc.constantFrom(...COUNTED), at: fc.nat(30 * HOUR) });
  fc.assert(fc.property(fc.array(event, { maxLength: 100 }), fc.nat(3 * HOUR), (events, more) => {
    const rolling = new Rolling();
    for (const { what, at } of events) rolling.add(what, START + at);
    const now = START + Math.max(0, ...events.map((e) => e.at)) + more;
    for (const name of WINDOW_NAMES) {
      const [bucket, buckets] = LENGTH[name];
      const from = (Math.floor(now / bucket) - buckets + 1) * bucket;
      const sums = rolling.sum(name, now);
      for (const what of COUNTED) {
        const inside = events.filter((e) => e.what === what && START + e.at >= from);
        assert.equal(sums[what], inside.length, `${name} ${what}`);
      }
    }
  }));
});

function send(
  reputation: ReturnType<typeof createReputation>,
  n: number,
  bad: number,
  what: "bounced" | "complained" | "deferred",
  provider = "google",
  at = START,
) {
  for (let i = 0; i < n; i++) reputation.count("192.0.2.1", provider, "delivered", at);
  for (let i = 0; i < bad; i++) reputation.count("192.0.2.1", provider, what, at);
}

Deno.test("complaints pause an address, once", () => {
  const reputation = createReputation();
  send(reputation, 1000, 4, "complained");
  assert.deepEqual(reputation.judge("192.0.2.1", "google", START), []);
  send(reputation, 0, 1, "complained");
  assert.deepEqual(reputation.judge("192.0.2.1", "google", START), [{
    rule: "complaints-1h",
    address: "192.0.2.1",
    provider: null,
    until: START + 6 * HOUR,
    figures: { sent: 1000, complained: 5, rate: 0.005, threshold: 0.003 },
    words: "5 of 1000 complained (0.5 %) from 192.0.2.1 within 1h: paused until " +
      "2026-11-22T06:00:00.000Z.",
  }]);
  assert.deepEqual(reputation.judge("192.0.2.1", "google", START + MINUTE), []);
});

Deno.test("trouble at one provider is about that one; over a day it is an alert", () => {
  const reputation = createReputation();
  send(reputation, 900, 0, "bounced", "orange");
  send(reputation, 60, 40, "bounced", "yahoo");
  assert.deepEqual(
    reputation.judge("192.0.2.1", "yahoo", START).map((j) => [j.rule, j.provider, j.until]),
    [["bounces-at-provider-15m", "yahoo", START + HOUR]],
  );
  send(reputation, 0, 20, "bounced", "orange");
  assert.deepEqual(
    reputation.judge("192.0.2.1", "orange", START).map((j) => [j.rule, j.provider, j.until]),
    [["bounces-24h", null, null]],
  );
  send(reputation, 0, 60, "deferred", "yahoo");
  assert.deepEqual(
    reputation.judge("192.0.2.1", "yahoo", START + 15 * MINUTE).map((j) => j.rule),
    [],
  );
  assert.deepEqual(reputation.judge("192.0.2.9", "yahoo", START), []);
  assert.equal(reputation.figures("192.0.2.1", null, "24h", START).bounced, 60);
  assert.equal(reputation.figures("192.0.2.1", "yahoo", "1h", START).bounced, 40);
  assert.equal(reputation.figures("192.0.2.9", "yahoo", "1h", START).bounced, 0);
});

Deno.test("complaints about mail of before the window still count", () => {
  const reputation = createReputation();
  send(reputation, 0, 5, "complained");
  assert.equal(reputation.judge("192.0.2.1", "google", START)[0]!.rule, "complaints-1h");
});

Deno.test("what others said holds here too, and nothing that this room knows no rule for", () => {
  const bad = (reputation: Reputation, at: number) => {
    for (let i = 0; i < 20; i++) reputation.count("192.0.2.1", "google", "bounced", at);
    return reputation.judge("192.0.2.1", "google", at).map(({ rule }) => rule);
  };
  const about = { address: "192.0.2.1", provider: null };
  const other = createReputation();
  other.known({ ...about, rule: "bounces-15m", until: START + HOUR }, START);
  other.known({ ...about, rule: "bounces-15m", until: START + MINUTE }, START);
  other.known({ ...about, rule: "by-hand", until: null }, START);
  assert.deepEqual(bad(other, START + 10 * MINUTE), ["bounces-at-provider-15m"]);
  assert.deepEqual(bad(other, START + HOUR), ["bounces-15m"]);

  const alerted = createReputation();
  alerted.known({ ...about, rule: "bounces-24h", until: null }, START);
  for (let i = 0; i < 60; i++) alerted.count("192.0.2.1", "google", "bounced", START);
  const later = (at: number) => alerted.judge("192.0.2.1", "google", at).map(({ rule }) => rule);
  assert(!later(START + ALERT_HOLDS_MS - 1).includes("bounces-24h"));
  assert(later(START + ALERT_HOLDS_MS).includes("bounces-24h"));
});

Deno.test("memory is bounded: the quietest is forgotten", () => {
  const reputation = createReputation({ capacity: 4 });
  for (let i = 0; i < 50; i++) reputation.count(`192.0.2.${i}`, "google", "delivered", START);
  assert.equal(reputation.figures("192.0.2.0", "google", "24h", START).delivered, 0);
  assert.equal(reputation.figures("192.0.2.49", "google", "24h", START).delivered, 1);
});

const [zen, spamcop] = DNSBLS;

Deno.test("names to ask (RFC 5782 §2.1, §2.4)", () => {
  assert.equal(dnsblName("192.0.2.99", zen!), "99.2.0.192.zen.spamhaus.org");
  assert.equal(dnsblName("::ffff:192.0.2.99", zen!), "99.2.0.192.zen.spamhaus.org");
  assert.equal(
    dnsblName("2001:db8:1:2:3:4:567:89ab", { ...zen!, zone: "ugly.example.com" }),
    "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ugly.example.com",
  );
  assert.equal(dnsblName("2001:db8::1", spamcop!), null);
  assert.throws(() => dnsblName("nonsense", zen!));
});

Deno.test("what answers mean: error codes and strangers' wildcards are no listing", () => {
  const cases: [string[], ReturnType<typeof readDnsbl>][] = [
    [[], { kind: "not-listed" }],
    [["127.0.0.1"], { kind: "not-listed" }],
    [["127.0.0.2", "127.0.0.4"], { kind: "listed", meanings: ["SBL", "XBL"] }],
    [["127.0.0.77"], { kind: "listed", meanings: ["127.0.0.77"] }],
    [["127.255.255.254"], {
      kind: "no-answer",
      reason: "asked through a public resolver, which the list does not serve",
    }],
    [["127.0.0.2", "127.255.255.255"], { kind: "no-answer", reason: "asked too often" }],
    [["127.255.255.7"], { kind: "no-answer", reason: "error code 127.255.255.7" }],
    [["198.51.100.7"], {
      kind: "no-answer",
      reason: "198.51.100.7 is no answer of a block list",
    }],
  ];
  for (const [answers, expected] of cases) assert.deepEqual(readDnsbl(answers, zen!), expected);
});

Deno.test("the lists are zones, once each", () => {
  assert.equal(new Set(DNSBLS.map((list) => list.zone)).size, DNSBLS.length);
  for (const { zone, page } of DNSBLS) {
    assert.match(zone, /^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
    assert.match(page, /^https:/);
  }
});
