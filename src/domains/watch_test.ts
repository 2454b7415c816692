import assert from "node:assert/strict";
import { createLogger, SILENT } from "../runtime/mod.ts";
import { type Domain, type DomainFindings, NO_SETTINGS, PLATFORM } from "../settings/mod.ts";
import { INSTALLATION, startZones, testDomain, zonesFor } from "./test_domain.ts";
import { watchDomains } from "./watch.ts";

function state(...domains: Domain[]) {
  const byAccount = Map.groupBy(domains, (d) => d.account);
  return {
    ...NO_SETTINGS,
    domains: new Map(
      [...byAccount].map(([account, own]) => [account, new Map(own.map((d) => [d.domain, d]))]),
    ),
  };
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}

Deno.test("all domains are looked at, and again when they are due; new ones at the next look", async () => {
  const domain = testDomain();
  await using dns = await startZones(zonesFor(domain));
  const settings = { now: state(domain, testDomain({ account: PLATFORM, domain: "mta.example" })) };
  const aborter = new AbortController();
  const recorded: DomainFindings[] = [];
  let time = 0;
  let looks = 0;
  const watching = watchDomains({
    settings,
    installation: INSTALLATION,
    dns: dns.client,
    record: async (findings) => void recorded.push(findings),
    now: () => (looks++, time),
    logger: SILENT,
    signal: aborter.signal,
    tickMs: 1,
  });
  await until(() => recorded.length === 1);
  const [first] = recorded;
  assert.deepEqual([first!.account, first!.domain, first!.returnPath], [
    "acme",
    "acme.example",
    true,
  ]);
  assert.deepEqual(first!.keys.map((k) => k.selector).sort(), ["chappe1", "chappe2"]);

  const before = looks;
  await until(() => looks > before + 20);
  assert.equal(recorded.length, 1);
  settings.now = state(domain, testDomain({ account: "beta", domain: "beta.example" }));
  await until(() => recorded.length === 2);
  assert.deepEqual(recorded[1]!.keys, []);
  time += 5 * 60_000;
  await until(() => recorded.length === 4);
  aborter.abort();
  await watching;
});

Deno.test("what cannot be recorded is tried again, and stops nothing else", async () => {
  const domain = testDomain();
  await using dns = await startZones(zonesFor(domain));
  const aborter = new AbortController();
  const warned: string[] = [];
  let tries = 0;
  const watching = watchDomains({
    settings: { now: state(domain) },
    installation: INSTALLATION,
    dns: dns.client,
    record: async () => {
      if (++tries < 3) throw new Error("the log is away");
    },
    now: () => 0,
    logger: createLogger((line) => void warned.push(line), () => 0, {}),
    signal: aborter.signal,
    tickMs: 1,
  });
  await until(() => tries === 3);
  aborter.abort();
  await watching;
  assert.equal(warned.length, 2);
  assert.match(warned[0]!, /domains\.unchecked.*acme\.example.*the log is away/);
});
