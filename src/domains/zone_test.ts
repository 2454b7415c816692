import assert from "node:assert/strict";
import { NO_SETTINGS, PLATFORM } from "../settings/mod.ts";
import { recordsOf } from "./records.ts";
import { INSTALLATION, testDomain } from "./test_domain.ts";
import { zoneLines } from "./zone.ts";

Deno.test("a domain's records: return path, a CNAME for each key, DMARC advice", () => {
  const domain = testDomain({ domain: "news.acme.co.uk" }, ["chappe2", "chappe1", "chappe1-ed"]);
  assert.deepEqual(
    recordsOf(domain, INSTALLATION).map((r) => `${r.name} ${r.type} ${r.value}`),
    [
      "chappe.news.acme.co.uk CNAME bounces.relay.example",
      "chappe1._domainkey.news.acme.co.uk CNAME chappe1.acme.news.acme.co.uk.dkim.mta.relay.example",
      "chappe1-ed._domainkey.news.acme.co.uk CNAME chappe1-ed.acme.news.acme.co.uk.dkim.mta.relay.example",
      "chappe2._domainkey.news.acme.co.uk CNAME chappe2.acme.news.acme.co.uk.dkim.mta.relay.example",
      "_dmarc.news.acme.co.uk TXT v=DMARC1; p=none; rua=mailto:postmaster@acme.co.uk",
    ],
  );
});

Deno.test("the zone holds what the aliases of all accounts lead to", () => {
  const domains = [
    testDomain(),
    testDomain({ account: "beta" }, ["chappe1-ed"]),
    testDomain({ account: PLATFORM, domain: "mta.relay.example" }, ["chappe1"]),
  ];
  const state = {
    ...NO_SETTINGS,
    domains: new Map(domains.map((d) => [d.account, new Map([[d.domain, d]])])),
  };
  const lines = zoneLines(state, INSTALLATION);
  const names = lines.map((line) => line.split(" ").slice(0, 4).join(" "));
  assert.deepEqual(names, [
    "; return paths",
    "bounces.relay.example. 3600 IN MX",
    "bounces.relay.example. 3600 IN TXT",
    "; acme: acme.example",
    "chappe2.acme.acme.example.dkim.mta.relay.example. 3600 IN TXT",
    "chappe1.acme.acme.example.dkim.mta.relay.example. 3600 IN TXT",
    "; beta: acme.example",
    "chappe1-ed.beta.acme.example.dkim.mta.relay.example. 3600 IN TXT",
    "; platform: mta.relay.example",
    "chappe1._domainkey.mta.relay.example. 3600 IN TXT",
    "_dmarc.mta.relay.example. 3600 IN TXT",
  ]);
  assert.equal(lines[1], "bounces.relay.example. 3600 IN MX 10 mta.relay.example.");
  assert.match(lines[2]!, /"v=spf1 ip4:192\.0\.2\.25 ip6:2001:db8::25 ~all"$/);
  // Strings of 255 octets at most, that give the record when joined.
  const strings = [...lines[4]!.matchAll(/"([^"]*)"/g)].map((m) => m[1]!);
  assert(strings.length === 2 && strings.every((s) => s.length <= 255));
  assert.equal(strings.join(""), `v=DKIM1; k=rsa; p=${domains[0]!.keys[0]!.publicKey}`);
});

Deno.test("without source addresses that others see, SPF names the host itself", () => {
  for (const sources of [[], ["10.0.0.5", "fd00::5"]]) {
    const lines = zoneLines(NO_SETTINGS, { ...INSTALLATION, sources });
    assert.equal(lines[2], `bounces.relay.example. 3600 IN TXT "v=spf1 a:mta.relay.example ~all"`);
  }
});
