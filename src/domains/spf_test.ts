import assert from "node:assert/strict";
import type { Found } from "./ask.ts";
import { evaluateSpf } from "./spf.ts";

const RECORDS: Record<string, readonly string[]> = {
  "TXT ip.test": ["v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"],
  "TXT one.test": ["google-site=1", "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 ~all"],
  "TXT a.test": ["v=spf1 a:host.test/28//64 -all"],
  "A host.test": ["192.0.2.17"],
  "AAAA host.test": ["2001:db8:0:0:1:0:0:1"],
  "TXT mx.test": ["v=spf1 mx -all"],
  "MX mx.test": ["host.test"],
  "TXT inc.test": ["v=spf1 include:ip.test ?all"],
  "TXT incnone.test": ["v=spf1 include:nothing.test -all"],
  "TXT red.test": ["v=spf1 redirect=ip.test"],
  "TXT rednone.test": ["v=spf1 redirect=nothing.test"],
  "TXT neutral.test": ["v=spf1 ip4:198.51.100.1"],
  "TXT minus.test": ["v=spf1 -ip4:192.0.2.1 +all"],
  "TXT two.test": ["v=spf1 -all", "v=spf1 +all"],
  "TXT loop.test": ["v=spf1 include:loop.test -all"],
  "TXT bad.test": ["v=spf1 ip4:300.1.1.1 -all"],
  "TXT word.test": ["v=spf1 hello -all"],
  "TXT macro.test": ["v=spf1 exists:%{i}.test ptr exp=x.test a:%{d} -all"],
  "TXT v10.test": ["v=spf10 +all"],
  "TXT tail.test": ["V=SPF1  IP4:192.0.2.1  -ALL "],
  "TXT away.test": ["v=spf1 include:broken.test -all"],
};

function ask(name: string, type: string): Promise<Found> {
  if (name === "broken.test") return Promise.resolve({ kind: "unavailable", why: "SERVFAIL" });
  const values = RECORDS[`${type} ${name}`];
  return Promise.resolve(
    values === undefined ? { kind: "none", exists: false } : { kind: "values", values },
  );
}

for (
  const [domain, ip, expected] of [
    ["ip.test", "192.0.2.200", "pass"],
    ["ip.test", "2001:db8:1::1", "pass"],
    ["ip.test", "::ffff:192.0.2.5", "pass"],
    ["ip.test", "198.51.100.1", "fail"],
    ["one.test", "192.0.2.1", "pass"],
    ["one.test", "192.0.2.2", "softfail"],
    ["one.test", "2001:db8::1", "pass"],
    ["a.test", "192.0.2.18", "pass"],
    ["a.test", "192.0.2.32", "fail"],
    ["a.test", "2001:db8::2", "pass"],
    ["a.test", "2001:db8:0:1::1", "fail"],
    ["mx.test", "192.0.2.17", "pass"],
    ["mx.test", "192.0.2.18", "fail"],
    ["inc.test", "192.0.2.9", "pass"],
    ["inc.test", "198.51.100.9", "neutral"],
    ["incnone.test", "192.0.2.9", "permerror"],
    ["red.test", "198.51.100.9", "fail"],
    ["rednone.test", "192.0.2.9", "permerror"],
    ["neutral.test", "192.0.2.9", "neutral"],
    ["minus.test", "192.0.2.1", "fail"],
    ["minus.test", "192.0.2.2", "pass"],
    ["two.test", "192.0.2.2", "permerror"],
    ["loop.test", "192.0.2.2", "permerror"],
    ["bad.test", "192.0.2.2", "permerror"],
    ["word.test", "192.0.2.2", "permerror"],
    ["macro.test", "192.0.2.2", "fail"],
    ["v10.test", "192.0.2.2", "none"],
    ["tail.test", "192.0.2.1", "pass"],
    ["nothing.test", "192.0.2.1", "none"],
    ["away.test", "192.0.2.1", "temperror"],
  ] as const
) {
  Deno.test(`SPF of ${domain} for ${ip}: ${expected}`, async () => {
    assert.equal(await evaluateSpf(ip, domain, ask), expected);
  });
}
