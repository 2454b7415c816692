import assert from "node:assert/strict";
import { authenticationOf, organisationalDomain } from "./alignment.ts";
import { dkimName, dkimTarget, returnPathDomain } from "../rules/mod.ts";

Deno.test("the organisational domain is the one somebody registered", () => {
  for (
    const [domain, expected] of [
      ["acme.example", "acme.example"],
      ["News.Acme.Example.", "acme.example"],
      ["a.b.shop.co.uk", "shop.co.uk"],
      ["co.uk", "co.uk"],
      ["me.github.io", "me.github.io"],
      ["mail.me.github.io", "me.github.io"],
      ["github.io", "github.io"],
      ["localhost", "localhost"],
      ["mta.chappe.localhost", "chappe.localhost"],
      ["shop.xn--p1ai", "shop.xn--p1ai"],
      ["", ""],
    ] as const
  ) {
    assert.equal(organisationalDomain(domain), expected, domain);
  }
});

const spf = (domain: string, verified = true) => ({ domain, verified });

for (
  const [name, from, dkim, path, aligned, dmarc] of [
    ["own key and own return path", "acme.example", ["acme.example"], spf("chappe.acme.example"), [
      true,
      true,
    ], "pass"],
    ["a subdomain under the domain's key", "news.acme.example", ["acme.example"], null, [
      true,
      false,
    ], "pass"],
    ["the platform's key only", "acme.example", ["mta.example"], spf("b.mta.example"), [
      false,
      false,
    ], "fail"],
    ["own return path only", "acme.example", ["mta.example"], spf("chappe.acme.example"), [
      false,
      true,
    ], "pass"],
    ["a return path that leads elsewhere", "acme.example", [], spf("chappe.acme.example", false), [
      false,
      false,
    ], "fail"],
    ["neighbours under a public suffix", "a.github.io", ["b.github.io"], spf("c.co.uk"), [
      false,
      false,
    ], "fail"],
    ["one of two signatures", "acme.example", ["mta.example", "acme.example"], null, [
      true,
      false,
    ], "pass"],
    ["the null reverse-path without a signature", "acme.example", [], null, [false, false], "fail"],
  ] as const
) {
  Deno.test(`alignment: ${name}`, () => {
    assert.deepEqual(authenticationOf({ from, dkim, spf: path }), {
      dkim,
      spf: path?.domain ?? null,
      aligned: { dkim: aligned[0], spf: aligned[1] },
      dmarc,
    });
  });
}

Deno.test("names that lead to us", () => {
  const domain = "acme.example";
  assert.equal(returnPathDomain(domain), "chappe.acme.example");
  assert.equal(dkimName("chappe1", domain), "chappe1._domainkey.acme.example");
  assert.equal(
    dkimTarget({ selector: "chappe1", account: "acme", domain }, "mta.example"),
    "chappe1.acme.acme.example.dkim.mta.example",
  );
});
