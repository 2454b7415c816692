import assert from "node:assert/strict";
import { parseOptions } from "./options.ts";

const problemOf = (value: string) => {
  const result = parseOptions([value]);
  return result.ok ? null : result.problem;
};

Deno.test("no options header leaves all to the account", () => {
  const result = parseOptions([]);
  assert.ok(result.ok);
  assert.equal(result.references.billingCode, null);
  assert.deepEqual(result.tracking, { mode: null, opens: null, clicks: null });
});

Deno.test("all keys of the seed are read", () => {
  const result = parseOptions([JSON.stringify({
    billingCode: "B1",
    customerReference: "C2",
    attention1: "é",
    attention8: null,
    trackOpen: true,
    trackClicks: false,
  })]);
  assert.ok(result.ok);
  assert.deepEqual(
    [result.references.billingCode, result.references.customerReference],
    ["B1", "C2"],
  );
  assert.equal(result.references.attention8, null);
  assert.deepEqual(result.tracking, { mode: null, opens: true, clicks: false });
});

Deno.test("JSON in encoded words, split over several", () => {
  const result = parseOptions([
    "=?utf-8?q?=7B=22attention1=22=3A_=22=C3=A9?= =?utf-8?q?t=C3=A9=22=7D?=",
  ]);
  assert.ok(result.ok);
  assert.equal(result.references.attention1, "été");
});

Deno.test("privacy, listUnsubscribe and attachments are one of their modes, or null", () => {
  const result = parseOptions([
    '{"privacy":"date-only","listUnsubscribe":"header-and-footer","attachments":"link"}',
  ]);
  assert.ok(result.ok);
  assert.equal(result.attachments, "link");
  assert.equal(result.tracking.mode, "date-only");
  assert.equal(result.listUnsubscribe, "header-and-footer");
  const none = parseOptions(['{"privacy":null,"listUnsubscribe":null}']);
  assert.ok(none.ok && none.tracking.mode === null && none.listUnsubscribe === null);
  assert.equal(none.attachments, null);
});

for (
  const [program, value] of [
    [
      "Python's EmailMessage",
      '{"billingCode": "B-x", "customerReference": =?utf-8?b?IlLDqWYgXCIxXCIgw6l0w6kgw6AgTm/Dq2wsIGZhw6dh?= ' +
      '=?utf-8?q?de=22=2C?= "trackOpen": true, "trackClicks": false}',
    ],
    [
      "nodemailer",
      "=?UTF-8?Q?=7B=22billingCode=22=3A=22B-x=22=2C=22customerRe?= " +
      "=?UTF-8?Q?ference=22=3A=22R=C3=A9f_=5C=221=5C=22_=C3=A9t=C3=A9_=C3=A0_No?= " +
      "=?UTF-8?Q?=C3=ABl=2C_fa=C3=A7ade=22=2C=22tr?= =?UTF-8?Q?ackOpen=22=3Atrue=7D?=",
    ],
    [
      "Python's Header",
      "=?utf-8?b?" + btoa(String.fromCharCode(...new TextEncoder().encode(
        '{"billingCode":"B-x","customerReference":"Réf \\"1\\" été à Noël, façade","trackOpen":true}',
      ))) + "?=",
    ],
  ] as const
) {
  Deno.test(`a value as ${program} writes it is read`, () => {
    const result = parseOptions([value]);
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(result.references.billingCode, "B-x");
    assert.equal(result.references.customerReference, 'Réf "1" été à Noël, façade');
    assert.equal(result.tracking.opens, true);
  });
}

Deno.test("the options may be a file, but not stand in two places", () => {
  const result = parseOptions([], ['\ufeff{\r\n "attention1": "=?utf-8?q?as_it_is?="\r\n}']);
  assert.ok(result.ok);
  assert.equal(result.references.attention1, "=?utf-8?q?as_it_is?=");
  for (const [fields, files] of [[["{}"], ["{}"]], [[], ["{}", "{}"]]] as const) {
    const refused = parseOptions(fields, files);
    assert.ok(!refused.ok && /both|several/.test(refused.problem));
  }
});

Deno.test("what is wrong is named", () => {
  assert.match(problemOf("{")!, /not JSON/);
  assert.match(problemOf("")!, /not JSON/);
  assert.match(problemOf("[]")!, /not a JSON object/);
  assert.match(problemOf('"text"')!, /not a JSON object/);
  assert.match(problemOf('{"trackOpens":true}')!, /unknown key "trackOpens"/);
  assert.match(problemOf('{"trackopen":true}')!, /unknown key "trackopen"/);
  assert.match(problemOf('{"__proto__":1}')!, /unknown key "__proto__"/);
  assert.match(problemOf('{"trackOpen":"yes"}')!, /value for "trackOpen": expected true, false/);
  assert.match(problemOf('{"attention3":7}')!, /value for "attention3": expected a text/);
  assert.match(problemOf('{"privacy":"none"}')!, /"privacy": expected "off", "date-only", "full"/);
  assert.match(problemOf('{"listUnsubscribe":true}')!, /expected "off", "header", "header-and-f/);
  assert.match(problemOf('{"attachments":[]}')!, /"attachments": expected "keep", "link" or null/);
  assert.match(problemOf(`{"attention3":"${"x".repeat(257)}"}`)!, /attention3/);
  assert.match(problemOf('{"a\\r\\nb\\u00e9":1}')!, /unknown key "a\?\?b\?"/);
  const two = parseOptions(["{}", "{}"]);
  assert.ok(!two.ok && /several/.test(two.problem));
});
