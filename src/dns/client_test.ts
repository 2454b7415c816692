import assert from "node:assert/strict";
import { createDnsClient } from "./client.ts";
import { DnsFormatError, DnsUnavailableError } from "./error.ts";
import { readServer, systemServers } from "./servers.ts";
import { startTestDns } from "./test_server.ts";

function client(servers: { host: string; port: number }[], time = { now: 0 }) {
  return createDnsClient({ servers, now: () => time.now, timeoutMs: 200, rounds: 1 });
}

Deno.test("records, no such name and no such record are three answers", async () => {
  await using dns = await startTestDns({
    "a.test": { records: [{ type: "A", value: "127.0.0.9" }] },
  });
  const { query } = client([dns.server]);
  const answer = await query("A.test", "A");
  assert(answer.kind === "records");
  assert.deepEqual(answer.records.map((r) => r.value), ["127.0.0.9"]);
  assert.deepEqual(await query("a.test", "MX"), { kind: "no-such-record" });
  assert.deepEqual(await query("b.test", "MX"), { kind: "no-such-name" });
});

Deno.test("IPv6 addresses", async () => {
  const value = Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
  await using dns = await startTestDns({ "a.test": { records: [{ type: "AAAA", value }] } });
  const answer = await client([dns.server]).query("a.test", "AAAA");
  assert(answer.kind === "records");
  assert.equal(answer.records[0]!.value, "2001:db8:0:0:0:0:0:1");
});

Deno.test("the strings of a TXT record are read as one, through aliases and over TCP too", async () => {
  const long = "x".repeat(300);
  await using dns = await startTestDns({
    "cut.test": { records: [{ type: "TXT", value: ["v=DKIM1; p=AB", "CD", ""] }] },
    "long.test": { truncated: true, records: [{ type: "TXT", value: long }] },
    "two.test": {
      records: [{ type: "TXT", value: "one" }, { type: "TXT", value: "t\xe9o" }],
    },
    "alias.test": { records: [{ type: "CNAME", value: "cut.test" }] },
    "other.test": { records: [{ type: "A", value: "127.0.0.1" }] },
    "broken.test": { rcode: 2 },
  });
  const { query } = client([dns.server]);
  const values = async (name: string) => {
    const answer = await query(name, "TXT");
    return answer.kind === "records" ? answer.records.map((r) => r.value) : answer.kind;
  };
  assert.deepEqual(await values("cut.test"), ["v=DKIM1; p=ABCD"]);
  assert.deepEqual(await values("alias.test"), ["v=DKIM1; p=ABCD"]);
  assert.deepEqual(await values("long.test"), [long]);
  assert.deepEqual(await values("two.test"), ["one", "t\xe9o"]);
  assert.equal(await values("other.test"), "no-such-record");
  assert.equal(await values("none.test"), "no-such-name");
  await assert.rejects(values("broken.test"), DnsUnavailableError);
});

Deno.test("who asks for an alias gets it, and it is not followed", async () => {
  await using dns = await startTestDns({
    "a.test": { records: [{ type: "CNAME", value: "B.test" }] },
    "b.test": { records: [{ type: "CNAME", value: "c.test" }] },
    "c.test": { records: [{ type: "A", value: "127.0.0.1" }] },
  });
  const { query } = client([dns.server]);
  const answer = await query("a.test", "CNAME");
  assert(answer.kind === "records");
  assert.deepEqual(answer.records.map((r) => r.value), ["b.test"]);
  assert.deepEqual(dns.asked, ["udp CNAME a.test"]);
  assert.deepEqual(await query("c.test", "CNAME"), { kind: "no-such-record" });
  assert.deepEqual(await query("d.test", "CNAME"), { kind: "no-such-name" });
});

Deno.test("SERVFAIL, REFUSED, silence and garbage mean: nobody can say", async () => {
  await using dns = await startTestDns({
    "servfail.test": { rcode: 2 },
    "refused.test": { rcode: 5 },
    "silent.test": { silent: true },
    "garbage.test": { garbage: true },
  });
  const { query } = client([dns.server]);
  for (const name of ["servfail", "refused", "silent", "garbage"]) {
    await assert.rejects(query(`${name}.test`, "MX"), DnsUnavailableError);
  }
});

Deno.test("a server that fails is followed by the next", async () => {
  await using broken = await startTestDns({ "a.test": { rcode: 2 } });
  await using works = await startTestDns({
    "a.test": { records: [{ type: "A", value: "127.0.0.1" }] },
  });
  const answer = await client([broken.server, works.server]).query("a.test", "A");
  assert.equal(answer.kind, "records");
});

Deno.test("an answer that does not fit is asked for over TCP", async () => {
  const records = Array.from(
    { length: 60 },
    (_, i) => ({ type: "A", value: `127.0.1.${i}` }) as const,
  );
  await using dns = await startTestDns({ "a.test": { truncated: true, records } });
  const answer = await client([dns.server]).query("a.test", "A");
  assert(answer.kind === "records");
  assert.equal(answer.records.length, 60);
  assert.deepEqual(dns.asked, ["udp A a.test", "tcp A a.test"]);
});

Deno.test("aliases are followed, also where the server does not; a circle is given up", async () => {
  await using dns = await startTestDns({
    "a.test": { records: [{ type: "CNAME", value: "b.test" }] },
    "b.test": { records: [{ type: "A", value: "127.0.0.2" }] },
    "loop.test": { records: [{ type: "CNAME", value: "pool.test" }] },
    "pool.test": { records: [{ type: "CNAME", value: "loop.test" }] },
  });
  const { query } = client([dns.server]);
  const answer = await query("a.test", "A");
  assert(answer.kind === "records");
  assert.deepEqual(answer.records.map((r) => r.value), ["127.0.0.2"]);
  await assert.rejects(query("loop.test", "A"), DnsUnavailableError);
});

Deno.test("answers are kept for their TTL, within bounds, and asked for once at a time", async () => {
  await using dns = await startTestDns({
    "long.test": { records: [{ type: "A", value: "127.0.0.1", ttl: 999_999 }] },
    "short.test": { records: [{ type: "A", value: "127.0.0.1", ttl: 0 }] },
  });
  const time = { now: 0 };
  const { query } = client([dns.server], time);
  const all = ["long.test", "short.test", "none.test"];
  const asks = async () => {
    dns.asked.length = 0;
    await Promise.all([...all, ...all].map((name) => query(name, "A")));
    return dns.asked.map((a) => a.split(" ")[2]).sort();
  };
  assert.deepEqual(await asks(), ["long.test", "none.test", "short.test"]);
  time.now += 29_999;
  assert.deepEqual(await asks(), []);
  time.now += 1;
  assert.deepEqual(await asks(), ["none.test", "short.test"]);
  time.now = 3_600_000;
  assert.deepEqual(await asks(), all.toSorted());
});

Deno.test("with no room to keep answers each question is asked anew", async () => {
  await using dns = await startTestDns({});
  const { query } = createDnsClient({ servers: [dns.server], now: () => 0, maxCached: 0 });
  for (let i = 0; i < 2; i++) await query("a.test", "TXT");
  assert.equal(dns.asked.length, 2);
});

Deno.test("names that are none are refused without a question", async () => {
  await using dns = await startTestDns({});
  for (
    const name of ["a..test", `${"x".repeat(64)}.test`, `${"abcdefg.".repeat(40)}test`, "é.test"]
  ) {
    await assert.rejects(client([dns.server]).query(name, "MX"), DnsFormatError);
  }
  assert.deepEqual(dns.asked, []);
});

Deno.test("without a name server nobody can say", async () => {
  await assert.rejects(client([]).query("a.test", "MX"), DnsUnavailableError);
});

Deno.test("addresses of name servers", () => {
  assert.deepEqual(readServer("192.0.2.1"), { host: "192.0.2.1", port: 53 });
  assert.deepEqual(readServer("192.0.2.1:5353"), { host: "192.0.2.1", port: 5353 });
  assert.deepEqual(readServer("2001:db8::1"), { host: "2001:db8::1", port: 53 });
  assert.deepEqual(readServer("[2001:db8::1]:54"), { host: "2001:db8::1", port: 54 });
  for (const bad of ["", "ns.example", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:70000", "[::1"]) {
    assert.throws(() => readServer(bad), TypeError, bad);
  }
  for (const server of systemServers()) assert(server.port > 0);
});
