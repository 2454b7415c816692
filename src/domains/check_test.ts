import assert from "node:assert/strict";
import type { Zone } from "../dns/mod.ts";
import { checkDomain } from "./check.ts";
import { INSTALLATION, startZones, testDomain, zonesFor } from "./test_domain.ts";
import { PLATFORM } from "../settings/mod.ts";

const DOMAIN = testDomain();
const C1 = "chappe1._domainkey.acme.example";
const T1 = "chappe1.acme.acme.example.dkim.mta.relay.example";
const KEY = zonesFor(DOMAIN)[T1]!.records![0]!.value as string;
const PATH = "chappe.acme.example";
const RETURN = INSTALLATION.returnDomain;

async function check(
  zones: Record<string, Zone | undefined>,
  { domain = DOMAIN, installation = INSTALLATION, patienceMs = 5_000 } = {},
) {
  const all = { ...zonesFor(DOMAIN), ...zones };
  for (const [name, zone] of Object.entries(all)) if (zone === undefined) delete all[name];
  await using dns = await startZones(all as Record<string, Zone>);
  const result = await checkDomain({ domain, installation, dns: dns.client, patienceMs });
  const of = (name: string) => {
    const { status, reason } = result.records.find((r) => r.name === name)!;
    return `${status}: ${reason}`;
  };
  return { ...result, of };
}

const txt = (...values: (string | string[])[]): Zone => ({
  records: values.map((value) => ({ type: "TXT", value })),
});
const cname = (...values: string[]): Zone => ({
  records: values.map((value) => ({ type: "CNAME", value })),
});
const mx = (value: string): Zone => ({ records: [{ type: "MX", preference: 10, value }] });
const spfOf = (value: string): Zone => ({
  records: [...mx("mta.relay.example").records!, { type: "TXT", value }],
});

Deno.test("a domain set up as told is verified in all", async () => {
  const result = await check({});
  assert.deepEqual([...result.selectors].sort(), ["chappe1", "chappe2"]);
  assert.equal(result.returnPath, true);
  assert.equal(result.of(PATH), "ok: leads to our mail servers; SPF: pass");
  assert.equal(result.of(C1), "ok: leads to the key we sign with");
  assert.match(result.of("_dmarc.acme.example"), /^ok: .* says p=none$/);
});

Deno.test("a domain of which nothing is there yet is told what to create", async () => {
  const nothing = Object.fromEntries(Object.keys(zonesFor(DOMAIN)).map((n) => [n, undefined]));
  const result = await check({ ...nothing, [RETURN]: zonesFor(DOMAIN)[RETURN] });
  assert.deepEqual([result.selectors, result.returnPath], [[], false]);
  assert.match(
    result.of(C1),
    new RegExp(`^missing: ${C1} does not exist: create .* CNAME for ${T1}`),
  );
  assert.match(result.of(PATH), /^missing: .* does not exist: create/);
  assert.match(result.of("_dmarc.acme.example"), /^advice: acme.example has no DMARC record/);
});

for (
  const [name, zones, expected] of [
    ["the domain stands twice in the name", {
      [C1]: undefined,
      [`${C1}.acme.example`]: cname(T1),
    }, /^missing: .* domain twice: .* so enter chappe1\._domainkey as the name$/],
    ["the zone's name was added to the target", {
      [C1]: cname(`${T1}.acme.example`),
    }, /^wrong: .* End the target with a dot/],
    ["the other selector's target", {
      [C1]: cname(T1.replace("chappe1", "chappe2")),
    }, /^wrong: .*: it says chappe2 where chappe1 belongs$/],
    ["another account's target", {
      [C1]: cname(T1.replace("acme", "evil")),
    }, /^wrong: .*: it says evil where acme belongs$/],
    [
      "another target altogether",
      { [C1]: cname("key1.other.example") },
      /^wrong: .* leads to key1/,
    ],
    ["a space at the target's end", { [C1]: cname(`${T1} `) }, /^wrong: .* with a space in it/],
    ["two aliases", { [C1]: cname("a.example", "b.example") }, /^wrong: .* has 2 CNAME records/],
    ["other records in the alias's place", {
      [C1]: mx("a.example"),
    }, /^missing: .* holds other records \(MX\), and an alias cannot stand beside/],
    ["no key behind the alias", { [T1]: undefined }, /^missing: the alias is right, .* operator/],
    ["an old key behind the alias", {
      [T1]: txt(KEY.replace("MIIB", "MIIC")),
    }, /^wrong: the alias is right, but .* another key is there: .* operator/],
    ["another key itself", { [C1]: txt("v=DKIM1; p=MIIBabc") }, /^wrong: .* another key is there/],
    ["the key revoked", { [C1]: txt("v=DKIM1; p=") }, /^wrong: .* the key is revoked$/],
    ["testing", { [C1]: txt(`${KEY}; t=y`) }, /^wrong: .* t=y says .* remove it$/],
    ["another algorithm", { [C1]: txt(KEY.replace("rsa", "ed25519")) }, /^wrong: .* k=ed25519/],
    ["another hash", { [C1]: txt(`${KEY}; h=sha1`) }, /^wrong: .* h=sha1 does not allow/],
    ["another service", { [C1]: txt(`${KEY}; s=tlsrpt`) }, /^wrong: .* s=tlsrpt does not allow/],
    ["two halves in two records", {
      [C1]: txt(KEY.slice(0, 200), KEY.slice(200)),
    }, /^wrong: .* cut into 2 TXT records/],
    ["two keys", { [C1]: txt(KEY, KEY) }, /^wrong: .* 2 TXT records with keys: keep one$/],
    [
      "the second half lost",
      { [C1]: txt(KEY.slice(0, 255)) },
      /^wrong: .* ends after .* cut short/,
    ],
    ["quotation marks between halves", {
      [C1]: txt(`${KEY.slice(0, 200)}" "${KEY.slice(200)}`),
    }, /^wrong: .* not of base64, such as quotation marks/],
    ["quotation marks around it", { [C1]: txt(`"${KEY}"`) }, /^wrong: .* quotation marks stand in/],
    ["something else", { [C1]: txt("hello") }, /^wrong: .* "hello" is no DKIM key/],
    ["no p=", { [C1]: txt("v=DKIM1; k=rsa") }, /^wrong: .* there is no p=/],
    [
      "another version",
      { [C1]: txt(KEY.replace("DKIM1", "dkim1")) },
      /^wrong: .* v=DKIM1 must come/,
    ],
    ["a broken name server", { [C1]: { rcode: 2 } }, /^unavailable: nobody can say now what/],
  ] as [string, Record<string, Zone | undefined>, RegExp][]
) {
  Deno.test(`DKIM: ${name}`, async () => {
    const result = await check(zones);
    assert.match(result.of(C1), expected);
    assert.deepEqual(result.selectors, ["chappe2"]);
    assert.equal(result.returnPath, true);
  });
}

for (
  const [name, zones, expected] of [
    ["published directly", { [C1]: txt(KEY) }, /^ok: .* holds the key itself/],
    ["in strings, with white space within the key", {
      [C1]: txt([KEY.slice(0, 100), ` ${KEY.slice(100, 300)} `, KEY.slice(300)]),
    }, /^ok: /],
    ["trailing spaces and semicolons", { [C1]: txt(`${KEY} ; `) }, /^ok: /],
    ["by way of another alias", {
      [C1]: cname("elsewhere.acme.example"),
      "elsewhere.acme.example": cname(T1),
    }, /^ok: .* by way of elsewhere\.acme\.example$/],
  ] as [string, Record<string, Zone>, RegExp][]
) {
  Deno.test(`DKIM counts: ${name}`, async () => {
    const result = await check(zones);
    assert.match(result.of(C1), expected);
    assert.deepEqual([...result.selectors].sort(), ["chappe1", "chappe2"]);
  });
}

for (
  const [name, zones, expected] of [
    ["another server's alias", { [PATH]: cname("other.example") }, /^wrong: .* leads to other/],
    ["mail servers of somebody else", {
      [PATH]: mx("mx.other.example"),
    }, /^wrong: mail for .* goes to mx\.other\.example, and bounces would be lost/],
    ["an address only", {
      [PATH]: { records: [{ type: "A", value: "192.0.2.1" }] },
    }, /^missing: .* holds other records \(A\)/],
    ["the return domain without MX", {
      [RETURN]: txt("v=spf1 ~all"),
    }, /^missing: bounces\.relay\.example has no mail servers.* operator/],
    ["another alias comes first, whatever the return domain has", {
      [PATH]: cname(`${RETURN}.acme.example`),
      [RETURN]: undefined,
    }, /^wrong: .* End the target with a dot/],
    ["the return domain without SPF", {
      [RETURN]: mx("mta.relay.example"),
    }, /^missing: SPF: none\. bounces\.relay\.example .* operator/],
    ["SPF that knows one address of two", {
      [RETURN]: spfOf("v=spf1 ip4:192.0.2.0/24 -all"),
    }, /^wrong: SPF: fail for 2001:db8::25/],
    ["own mail servers right, SPF missing", {
      [PATH]: mx("mta.relay.example"),
    }, /^missing: SPF: none\. chappe\.acme\.example .* CNAME/],
    ["two SPF records", {
      [PATH]: {
        records: [
          ...mx("mta.relay.example").records!,
          ...txt("v=spf1 ~all", "v=spf1 -all").records!,
        ],
      },
    }, /^wrong: SPF: permerror\. .* has 2 SPF records/],
    ["a silent name server", { [PATH]: { silent: true } }, /^unavailable: /],
    ["our own name server broken", { [RETURN]: { rcode: 2 } }, /^unavailable: /],
  ] as [string, Record<string, Zone | undefined>, RegExp][]
) {
  Deno.test(`return path: ${name}`, async () => {
    const result = await check(zones);
    assert.match(result.of(PATH), expected);
    assert.equal(result.returnPath, false);
    assert.equal(result.selectors.length, 2);
  });
}

Deno.test("a return path with mail servers and SPF of its own counts", async () => {
  const own = spfOf(`v=spf1 include:${RETURN} -all`);
  assert.match((await check({ [PATH]: own })).of(PATH), /^ok: .* SPF: pass$/);
  const installation = { ...INSTALLATION, sources: [] };
  assert.match((await check({ [PATH]: own }, { installation })).of(PATH), /^ok: /);
  const foreign = await check({ [PATH]: spfOf("v=spf1 mx -all") }, { installation });
  assert.match(foreign.of(PATH), /^wrong: .* does not include:bounces\.relay\.example/);
});

Deno.test("addresses that nobody sees are not looked for in SPF", async () => {
  const installation = { ...INSTALLATION, sources: ["10.0.0.5"] };
  const zone = spfOf("v=spf1 ip4:192.0.2.25 -all");
  assert.match((await check({ [RETURN]: zone }, { installation })).of(PATH), /^ok: .* is there$/);
});

for (
  const [name, zone, expected] of [
    ["reject", txt("v=DMARC1; p=reject"), /^ok: .* p=reject$/],
    ["none without reports", txt("v=DMARC1; p=none"), /^advice: .* Add rua=/],
    ["strict SPF", txt("v=DMARC1; p=reject; aspf=s"), /^advice: .* by DKIM alone/],
    ["two records", txt("v=DMARC1; p=none", "v=DMARC1; p=none"), /^advice: .* none counts/],
    ["no policy", txt("v=DMARC1; rua=mailto:a@b"), /^advice: .* cannot be read/],
    ["not DMARC", txt("p=none"), /^advice: .* no DMARC record/],
    ["away", { rcode: 2 }, /^unavailable: /],
  ] as [string, Zone, RegExp][]
) {
  Deno.test(`DMARC: ${name}`, async () => {
    const result = await check({ "_dmarc.acme.example": zone });
    assert.match(result.of("_dmarc.acme.example"), expected);
    assert.equal(result.selectors.length, 2);
  });
}

Deno.test("a subdomain takes the policy of the domain above it", async () => {
  const domain = testDomain({ domain: "news.acme.example" });
  const at = async (policy: string) =>
    (await check({ "_dmarc.acme.example": txt(policy) }, { domain })).of(
      "_dmarc.news.acme.example",
    );
  assert.match(
    await at("v=DMARC1; p=reject; sp=quarantine"),
    /^ok: _dmarc\.acme\.example says p=quar/,
  );
  assert.match(await at("v=DMARC1; p=reject; adkim=s"), /^advice: .* adkim=s/);
});

Deno.test("while nobody can say, what is known stays; and nobody waits for long", async () => {
  const silent = Object.fromEntries(
    Object.keys(zonesFor(DOMAIN)).map((name): [string, Zone] => [name, { silent: true }]),
  );
  const known = testDomain({ verifiedSelectors: new Set(["chappe1"]), returnPath: true });
  const result = await check(silent, { domain: known, patienceMs: 50 });
  assert.deepEqual([result.selectors, result.returnPath], [["chappe1"], true]);
  for (const record of result.records) assert.equal(record.status, "unavailable");
  assert.match(result.records[0]!.reason, /no answer within 50 ms/);
});

Deno.test("the platform's own domain needs its key and no aliases", async () => {
  const domain = testDomain({ account: PLATFORM, domain: "mta.relay.example" }, ["chappe1"]);
  const own = zonesFor(domain);
  const result = await check(own, { domain });
  assert.deepEqual(result.records.map((r) => [r.purpose, r.type, r.status]), [
    ["dkim", "TXT", "ok"],
    ["dmarc", "TXT", "ok"],
  ]);
  const name = "chappe1._domainkey.mta.relay.example";
  assert.match(
    (await check({ [name]: undefined }, { domain })).of(name),
    /^missing: .* publish it/,
  );
});

Deno.test("a name too long for the DNS is answered, not thrown", async () => {
  const long = `${"a.".repeat(110)}example`;
  const result = await check({}, { domain: testDomain({ domain: long }) });
  assert.deepEqual([result.selectors, result.returnPath], [[], false]);
});
