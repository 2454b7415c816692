import assert from "node:assert/strict";
import { makerOf } from "./maker.ts";

Deno.test("a maker is known by the series of its models", () => {
  assert.equal(makerOf("SM-A156B"), "Samsung");
});

Deno.test("or by the list of devices, as they call themselves or as shops do, whatever the case", () => {
  assert.deepEqual(["701HW", "h30-t00", "U12 life"].map(makerOf), ["Huawei", "Huawei", "HTC"]);
});

Deno.test("a name that several makers use, and what is no model, say nothing", () => {
  assert.deepEqual(["MID", "", "constructor", "no such model"].map(makerOf), ["", "", "", ""]);
});
