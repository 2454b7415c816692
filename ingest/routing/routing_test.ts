import assert from "node:assert/strict";
import fc from "fast-check";
import { PROVIDER_SHAPING } from "@chappe/src/sending";
import { domainOf, laneOf, provider } from "./mod.ts";
import { SHARED_LANES } from "./lane.ts";
import { PROVIDERS } from "./provider_data.ts";

Deno.test("the domain of an address: lower case, A-labels, literals as they are", () => {
  assert.equal(domainOf("a@Example.ORG"), "example.org");
  assert.equal(domainOf('"a@b"@example.org.'), "example.org");
  assert.equal(domainOf("a@Bücher.example"), "xn--bcher-kva.example");
  assert.equal(domainOf("a@[192.0.2.1]"), "[192.0.2.1]");
  assert.equal(domainOf("a@[IPv6:2001:DB8::1]"), "[ipv6:2001:db8::1]");
  assert.equal(domainOf("nobody"), "");
  assert.equal(domainOf(""), "");
});

Deno.test("providers are told by MX first, then by domain", () => {
  assert.equal(provider("gmail.com"), "google");
  assert.equal(provider("firm.example", ["aspmx.l.google.com"]), "google");
  assert.equal(provider("firm.example", ["firm-example.mail.protection.outlook.com"]), "microsoft");
  assert.equal(provider("hotmail.fr", ["hotmail-fr.olc.protection.outlook.com"]), "microsoft");
  assert.equal(provider("firm.example", ["smtp-in.orange.fr"]), "orange");
  assert.equal(provider("firm.example", ["mx4.mail.ovh.net"]), "ovh");
  assert.equal(provider("gmail.com", ["mx.firm.example"]), "google");
});

Deno.test("a name that only ends like a provider's is none", () => {
  assert.equal(provider("firm.example", ["mx.notgoogle.com"]), "notgoogle_com");
  assert.equal(provider("notgmail.com"), "notgmail_com");
});

Deno.test("others are told apart by whose servers take their mail, any known host among them first", () => {
  assert.equal(provider("one.example", ["mx1.hoster.co.uk", "mx2.hoster.co.uk"]), "hoster_co_uk");
  assert.equal(provider("mail.two.example", ["mail.two.example"]), "two_example");
  assert.equal(provider("three.example", ["mx.three.example", "aspmx.l.google.com"]), "google");
  assert.equal(provider("[192.0.2.1]", ["192.0.2.1"]), "_192_0_2_1_");
});

Deno.test("every lane is a safe token", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.domain(), fc.constant("[ipv6:::1]")),
      (domain) => assert.match(provider(domain), /^[a-z0-9_-]+$/),
    ),
  );
});

Deno.test("no domain or MX stands under two providers", () => {
  for (const field of ["mx", "domains"] as const) {
    const all = Object.values(PROVIDERS).flatMap((p) => p[field]);
    assert.equal(new Set(all).size, all.length);
    for (const name of all) assert.match(name, /^[a-z0-9-]+(\.[a-z0-9-]+)+$/);
  }
});

Deno.test("every provider whose mail is shaped is one that can be told", () => {
  assert.deepEqual(Object.keys(PROVIDER_SHAPING).filter((name) => !(name in PROVIDERS)), []);
  assert.equal(provider("firm.example", ["mxa-00123456.gslb.pphosted.com"]), "proofpoint");
  assert.equal(provider("firm.example", ["eu-smtp-inbound-1.mimecast.com"]), "mimecast");
});

Deno.test("lanes are few: one for each provider known by name, and some that the others share", () => {
  const named = Object.keys(PROVIDERS);
  assert.deepEqual(named.map(laneOf), named);
  const others = Array.from({ length: 1000 }, (_, i) => laneOf(provider(`firm${i}.example`)));
  assert.equal(new Set(others).size, SHARED_LANES);
  const most = Math.max(...Map.groupBy(others, (lane) => lane).values().map((all) => all.length));
  assert.ok(most < 2 * 1000 / SHARED_LANES, "evenly shared");
  fc.assert(fc.property(fc.string(), (name) => {
    assert.match(laneOf(name), /^[a-z0-9_-]+$/);
    assert.equal(laneOf(name), laneOf(name));
  }));
});
