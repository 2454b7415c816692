import assert from "node:assert/strict";
import { createDnsClient } from "@chappe/src/dns";
import { startTestDns } from "@chappe/src/dns";
import { createMxResolver, shuffled } from "./mx.ts";

const mx = (preference: number, value: string) => ({ type: "MX", preference, value }) as const;

async function startResolver(zones: Parameters<typeof startTestDns>[0]) {
  const dns = await startTestDns(zones);
  const client = createDnsClient({
    servers: [dns.server],
    now: Date.now,
    timeoutMs: 200,
    rounds: 1,
  });
  return {
    ...createMxResolver(client),
    dns,
    [Symbol.asyncDispose]: () => dns[Symbol.asyncDispose](),
  };
}

Deno.test("MX by preference, equals together", async () => {
  await using r = await startResolver({
    "a.test": { records: [mx(20, "c.test"), mx(5, "B.test"), mx(20, "a.test"), mx(20, "a.test")] },
  });
  assert.deepEqual(await r.hosts("a.test"), { groups: [["b.test"], ["a.test", "c.test"]] });
});

Deno.test("null MX takes no mail; beside others it does not count (RFC 7505)", async () => {
  await using r = await startResolver({
    "null.test": { records: [mx(0, ".")] },
    "odd.test": { records: [mx(0, "."), mx(10, "m.test")] },
  });
  assert.deepEqual(await r.hosts("null.test"), {
    enhanced: "5.1.10",
    error: "domain null.test accepts no mail (null MX)",
  });
  assert.deepEqual(await r.hosts("odd.test"), { groups: [["m.test"]] });
});

Deno.test("no MX: the domain itself; no such domain: for good; nobody can say: for now", async () => {
  await using r = await startResolver({
    "plain.test": { records: [{ type: "A", value: "127.0.0.1" }] },
    "broken.test": { rcode: 2 },
  });
  assert.deepEqual(await r.hosts("plain.test"), { groups: [["plain.test"]] });
  assert.deepEqual(await r.addresses("plain.test", null), ["127.0.0.1"]);
  const none = await r.hosts("none.test");
  assert("enhanced" in none && none.enhanced === "5.1.2");
  const broken = await r.hosts("broken.test");
  assert("enhanced" in broken && broken.enhanced === "4.4.3");
});

Deno.test("addresses: by family, none, and unknown", async () => {
  const v6 = new Uint8Array(16).fill(1, 15);
  await using r = await startResolver({
    "both.test": { records: [{ type: "A", value: "127.0.0.1" }, { type: "AAAA", value: v6 }] },
    "bare.test": {},
    "broken.test": { rcode: 2 },
  });
  assert.deepEqual(await r.addresses("both.test", null), ["127.0.0.1", "0:0:0:0:0:0:0:1"]);
  assert.deepEqual(await r.addresses("both.test", 6), ["0:0:0:0:0:0:0:1"]);
  assert.deepEqual(await r.addresses("both.test", 4), ["127.0.0.1"]);
  const bare = await r.addresses("bare.test", null);
  assert("enhanced" in bare && bare.enhanced === "5.4.4");
  const broken = await r.addresses("broken.test", 4);
  assert("enhanced" in broken && broken.enhanced === "4.4.3");
});

Deno.test("address literals need no look-up", async () => {
  await using r = await startResolver({});
  assert.deepEqual(await r.hosts("[192.0.2.1]"), { groups: [["192.0.2.1"]] });
  assert.deepEqual(await r.hosts("[IPv6:2001:db8::1]"), { groups: [["2001:db8::1"]] });
  assert.deepEqual(await r.addresses("192.0.2.1", null), ["192.0.2.1"]);
  for (const bad of ["[]", "[192.0.2]", "[192.0.2.1", "[IPv6:192.0.2.1]", "[x]"]) {
    const answer = await r.hosts(bad);
    assert("enhanced" in answer && answer.enhanced === "5.1.3", bad);
  }
  assert.deepEqual(r.dns.asked, []);
});

Deno.test("a name that cannot be asked for is refused for good", async () => {
  await using r = await startResolver({});
  const answer = await r.hosts("a..test");
  assert("enhanced" in answer && answer.enhanced === "5.1.2");
});

Deno.test("equal preferences are shuffled, unequal ones never", () => {
  const orders = new Set<string>();
  for (const random of [0, 0.4, 0.99]) {
    const order = shuffled([["a"], ["b", "c", "d"], ["e"]], () => random);
    assert.equal(order[0], "a");
    assert.equal(order[4], "e");
    assert.deepEqual(order.slice(1, 4).toSorted(), ["b", "c", "d"]);
    orders.add(order.join());
  }
  assert(orders.size > 1);
});
