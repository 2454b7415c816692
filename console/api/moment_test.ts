import assert from "node:assert/strict";
import fc from "fast-check";
import { momentOfText } from "./moment.ts";

Deno.test("ISO times read back, whatever their zone", () => {
  const date = fc.date({ min: new Date(0), max: new Date("2200-01-01"), noInvalidDate: true });
  fc.assert(fc.property(date, (date) => {
    const text = date.toISOString();
    assert.equal(momentOfText(text), date.getTime());
    assert.equal(momentOfText(text.replace("Z", "+00:00")), date.getTime());
    assert.equal(momentOfText(text.slice(0, -1)), date.getTime(), "without a zone it is UTC");
    assert.equal(momentOfText(String(date.getTime())), date.getTime());
  }));
});

Deno.test("a date is its midnight UTC", () => {
  assert.equal(momentOfText("2026-11-22"), Date.parse("2026-11-22T00:00:00Z"));
});

Deno.test("anything else is no moment", () => {
  for (const text of ["", "22/11/2026", "2026-13-01", "now", "-5", "1e3", "2026-11-22T25:00Z"]) {
    assert(Number.isNaN(momentOfText(text)), text);
  }
});
