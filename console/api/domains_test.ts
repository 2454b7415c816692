import assert from "node:assert/strict";
import { createDnsClient, startTestDns, type Zone } from "@chappe/src/dns";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole, type TestConsole } from "../test_console.ts";
import { KEYS, OTHER_KEY } from "../test_ports.ts";

interface Rec {
  purpose: string;
  selector: string | null;
  name: string;
  type: "CNAME" | "TXT";
  value: string;
  targets: { type: "TXT" | "MX"; value: string }[];
  status: string;
  reason: string;
}
interface Dom {
  domain: string;
  verified: boolean;
  verifiedSelectors: string[];
  returnPath: boolean;
  checkedAt: string | null;
  records: Rec[];
}

/** A console that asks a name server with these zones, which tests fill. */
async function withDns() {
  const zones: Record<string, Zone> = {};
  const dns = await startTestDns(zones);
  const client = createDnsClient({
    servers: [dns.server],
    now: Date.now,
    timeoutMs: 500,
    rounds: 1,
    maxCached: 0,
  });
  const console = createTestConsole({ dns: client });
  return { console, zones, [Symbol.asyncDispose]: () => dns[Symbol.asyncDispose]() };
}

/** Publishes the records as their owner and the operator would. */
function publish(zones: Record<string, Zone>, records: readonly Rec[]): void {
  for (const { name, type, value, targets } of records) {
    zones[name] = { records: [{ type, value }] };
    if (targets.length === 0) continue;
    const held = targets.map((target) => {
      const [preference, host] = target.value.split(" ");
      return target.type === "TXT"
        ? { type: target.type, value: target.value }
        : { type: target.type, preference: Number(preference), value: host! };
    });
    zones[value] = { records: held };
  }
}

const add = (console: TestConsole, domain: string, more = {}) =>
  send<Dom>(console, "POST /domains", { domain, ...more });

Deno.test("a domain's records are told; once they are there, a check makes them count", async () => {
  await using dns = await withDns();
  const { console, zones } = dns;
  const added = await add(console, "Acme.Example");
  assert.equal(added.status, 201);
  assert.equal(added.headers.get("location"), "/api/v1/domains/acme.example");
  const { records, verified } = added.body;
  assert.equal(verified, false);
  assert.deepEqual(
    records.map(({ purpose, name, type }) => `${purpose} ${name} ${type}`),
    [
      "return-path chappe.acme.example CNAME",
      "dkim chappe1._domainkey.acme.example CNAME",
      "dkim chappe2._domainkey.acme.example CNAME",
      "dmarc _dmarc.acme.example TXT",
    ],
  );
  assert.deepEqual(records.map((r) => r.status), ["missing", "missing", "missing", "advice"]);
  assert.match(records[1]!.reason, /does not exist: create chappe1\._domainkey\.acme\.example/);
  assert.equal(records[1]!.value, "chappe1.demo.acme.example.dkim.mta.relay.example");

  publish(zones, records);
  const seen = await send<Dom>(console, "GET /domains/acme.example");
  assert.deepEqual(seen.body.records.map((r) => r.status), ["ok", "ok", "ok", "ok"]);
  assert.equal(seen.body.verified, false, "looking changes nothing");
  const checked = await send<Dom>(console, "POST /domains/acme.example/check");
  assert.equal(checked.status, 200);
  assert.deepEqual(checked.body.verifiedSelectors, ["chappe1", "chappe2"]);
  assert.equal(checked.body.returnPath, true);
  const list = await send<{ items: Dom[] }>(console, "GET /domains");
  assert.deepEqual(list.body.items.map((d) => [d.domain, d.verified]), [["acme.example", true]]);
});

Deno.test("what is wrong, or cannot be asked, is said of each record", async () => {
  await using dns = await withDns();
  const { console, zones } = dns;
  const { records } = (await add(console, "acme.example")).body;
  publish(zones, records);
  const [, first, second] = records;
  zones[first!.name] = { records: [{ type: "CNAME", value: second!.value }] };
  zones[second!.name] = { rcode: 2 };
  const seen = await send<Dom>(console, "GET /domains/acme.example");
  assert.deepEqual(seen.body.records.map((r) => r.status), ["ok", "wrong", "unavailable", "ok"]);
  assert.match(seen.body.records[1]!.reason, /chappe2 where chappe1 belongs/);
});

Deno.test("a sender needs a verified domain; the operator of the installation does not", async () => {
  await using dns = await withDns();
  const { console, zones } = dns;
  const sender = { sender: "News@acme.example" };
  const operator = { key: KEYS.operator };
  const { records } = (await add(console, "acme.example")).body;
  const refused = await send(console, "POST /senders", sender, operator);
  assert.match(problemIn(refused, 403).detail, /under no verified domain/);
  publish(zones, records);
  await send(console, "POST /domains/acme.example/check", undefined, operator);
  for (let times = 0; times < 2; times++) {
    const made = await send(console, "POST /senders", sender, operator);
    assert.equal(made.status, 201);
    assert.deepEqual(made.body, { sender: "news@acme.example" });
    assert.equal(made.headers.get("location"), "/api/v1/senders/news%40acme.example");
  }
  problemIn(await send(console, "POST /senders", sender, { key: OTHER_KEY }), 403);
  problemIn(await send(console, "POST /senders", { sender: "@" }, operator), 422);
  const list = await send<{ items: unknown[] }>(console, "GET /senders");
  assert.deepEqual(list.body.items, [{ sender: "news@acme.example" }]);
  const path = "DELETE /senders/news%40acme.example";
  problemIn(await send(console, path, undefined, { key: OTHER_KEY }), 404);
  assert.equal((await send(console, path, undefined, operator)).status, 204);
  problemIn(await send(console, path, undefined, operator), 404);
});

Deno.test("a rotated key takes the older one's place and counts once it is checked", async () => {
  await using dns = await withDns();
  const { console, zones } = dns;
  const { records } = (await add(console, "acme.example")).body;
  publish(zones, records);
  await send(console, "POST /domains/acme.example/check");
  const rotated = await send<Dom>(console, "POST /domains/acme.example/rotate");
  assert.equal(rotated.status, 200);
  assert.deepEqual(rotated.body.verifiedSelectors, ["chappe1"]);
  const fresh = rotated.body.records.find((r) => r.selector === "chappe2")!;
  assert.equal(fresh.status, "wrong");
  assert.notDeepEqual(fresh.targets, records.find((r) => r.selector === "chappe2")!.targets);
  publish(zones, rotated.body.records);
  const checked = await send<Dom>(console, "POST /domains/acme.example/check");
  assert.deepEqual(checked.body.verifiedSelectors, ["chappe1", "chappe2"]);

  const twice = { "idempotency-key": "x" };
  const keyed = await send(console, "POST /domains/acme.example/rotate", undefined, twice);
  assert.match(problemIn(keyed, 422).detail, /cannot be honoured/);
});

Deno.test("another account's domain does not exist, nor a removed one; nonsense is refused", async () => {
  await using dns = await withDns();
  const { console } = dns;
  await add(console, "acme.example", { ed25519: true });
  const other = { key: OTHER_KEY };
  problemIn(await send(console, "GET /domains/acme.example", undefined, other), 404);
  problemIn(await send(console, "POST /domains/acme.example/check", undefined, other), 404);
  problemIn(await send(console, "DELETE /domains/acme.example", undefined, other), 404);
  problemIn(await add(console, "localhost"), 422);
  problemIn(await add(console, "acme.example", { ed25519: "yes" }), 422);
  assert.equal((await send(console, "DELETE /domains/acme.example")).status, 204);
  problemIn(await send(console, "GET /domains/acme.example"), 404);
});

Deno.test("private keys stay where they are", async () => {
  await using dns = await withDns();
  const { console } = dns;
  const added = (await add(console, "acme.example", { ed25519: true })).body;
  const answers = [
    added,
    (await send(console, "GET /domains/acme.example")).body,
    (await send(console, "GET /domains")).body,
  ];
  assert.equal(added.records.filter((r) => r.purpose === "dkim").length, 4);
  assert.doesNotMatch(JSON.stringify(answers), /sealed|private/i);
});
