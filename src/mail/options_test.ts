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
  assert.deepEqual(result.tracking, { opens: null, clicks: null });
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
  assert.deepEqual(result.tracking, { opens: true, clicks: false });
});

Deno.test("JSON in encoded words, split over several", () => {
  const result = parseOptions([
    "=?utf-8?q?=7B=22attention1=22=3A_=22=C3=A9?= =?utf-8?q?t=C3=A9=22=7D?=",
  ]);
  assert.ok(result.ok);
  assert.equal(result.references.attention1, "été");
});

Deno.test("what is wrong is named", () => {
  assert.match(problemOf("{")!, /not JSON/);
  assert.match(problemOf("")!, /not JSON/);
  assert.match(problemOf("[]")!, /not a JSON object/);
  assert.match(problemOf('"text"')!, /not a JSON object/);
  assert.match(problemOf('{"trackOpens":true}')!, /unknown key "trackOpens"/);
  assert.match(problemOf('{"trackOpen":"yes"}')!, /wrong value for "trackOpen"/);
  assert.match(problemOf('{"attention3":7}')!, /wrong value for "attention3"/);
  assert.match(problemOf(`{"attention3":"${"x".repeat(257)}"}`)!, /attention3/);
  assert.match(problemOf('{"a\\r\\nb\\u00e9":1}')!, /unknown key "a\?\?b\?"/);
  const two = parseOptions(["{}", "{}"]);
  assert.ok(!two.ok && /several/.test(two.problem));
});
