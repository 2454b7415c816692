import assert from "node:assert/strict";
import * as z from "zod";
import { scope } from "../../api/parameters.ts";
import { period, readAsked, scopeParameters } from "./question.ts";

const NOW = Date.parse("2026-11-22T05:30:00Z");
const Query = z.strictObject({ ...scope, ...period });
const read = (text: string, zone = "Europe/Paris") =>
  readAsked(new URLSearchParams(text), Query, { zone, now: NOW });

Deno.test("an account is told about over 30 days, a campaign and a message whole", () => {
  assert.deepEqual(read(""), {
    question: { from: Date.parse("2026-10-23T22:00:00Z") },
    period: "30d",
  });
  assert.deepEqual(read("campaign=spring"), { question: { campaign: "spring" }, period: "all" });
  assert.deepEqual(read("range=all"), { question: {}, period: "all" });
  assert.deepEqual(read("range=24h&message=A1"), {
    question: { message: "a1", from: Date.parse("2026-11-21T06:00:00Z") },
    period: "24h",
  });
});

Deno.test("times of the reader's clock win over a period", () => {
  assert.deepEqual(read("range=7d&from=2026-07-01T08:00&to="), {
    question: { from: Date.parse("2026-07-01T06:00Z") },
    period: null,
  });
  assert.deepEqual(read("to=2026-07-01", "UTC"), {
    question: { to: Date.parse("2026-07-01") },
    period: null,
  });
});

Deno.test("what cannot be used is named", () => {
  for (const text of ["range=year", "from=soon", "rows=os", "campaign=a&campaign=b"]) {
    assert.throws(
      () => read(text),
      new RegExp(`^InvalidParametersError: ${/^\w+/.exec(text)![0]}`),
    );
  }
});

Deno.test("the same messages can be asked of the API", () => {
  const { question } = read("from=2026-07-01T08:00&campaign=a%20%26%20b");
  assert.deepEqual(scopeParameters(question), {
    from: String(Date.parse("2026-07-01T06:00Z")),
    campaign: "a & b",
  });
});
