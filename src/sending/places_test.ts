import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BLANK,
  cameBack,
  free,
  giveBack,
  go,
  lend,
  lentTo,
  type Place,
  type Sheet,
  take,
  taken,
} from "./places.ts";

const place = (copy: string, token = `${copy}-1`): Place => ({ copy, token });
const holding = (...places: Place[]) =>
  places.reduce<Sheet>((sheet, each) => take(sheet, each, 99)!, BLANK);

Deno.test("a place is taken once, goes once, and is taken whatever became of it", () => {
  const one = take(BLANK, place("a"), 1)!;
  assert.equal(take(one, place("b"), 1), null);
  const gone = go(one, place("a"))!;
  assert.deepEqual(gone, { gone: 1, held: {}, lent: {} });
  assert.equal(go(gone, place("a")), null);
  assert.equal(take(gone, place("a"), 1), null);
});

Deno.test("a copy that came back: its place is free, and who had it before may not go", () => {
  const sheet = holding(place("a"), place("b"));
  const back = cameBack(sheet, "a")!;
  assert.equal(taken(back), 1);
  assert.equal(go(back, place("a")), null);
  assert.equal(free(back, place("a")), null);
  assert.equal(cameBack(back, "a"), null);
  const again = take(back, place("a", "a-2"), 2)!;
  assert.equal(go(again, place("a")), null);
  assert.equal(taken(go(again, place("a", "a-2"))!), 2);
});

Deno.test("a copy that is in two hands has one place, of the one who took last", () => {
  const sheet = take(holding(place("a")), place("a", "a-2"), 1)!;
  assert.equal(taken(sheet), 1);
  assert.equal(free(sheet, place("a")), null);
  assert.equal(go(sheet, place("a")), null);
  assert.equal(go(sheet, place("a", "a-2"))!.gone, 1);
});

Deno.test("what is lent lies within what is left, and goes back to what was said", () => {
  const sheet = lend(holding(place("a")), { node: "n", amount: 5 }, 4)!;
  assert.equal(lentTo(sheet, "n"), 3);
  assert.equal(lend(sheet, { node: "m", amount: 1 }, 4), null);
  assert.equal(lend(sheet, { node: "m", amount: 1 }, 2), null);
  const less = giveBack(sheet, { node: "n", left: 1 })!;
  assert.equal(taken(less), 2);
  assert.equal(giveBack(less, { node: "n", left: 1 }), null);
  assert.equal(lentTo(lend(less, { node: "n", amount: 1 }, 4)!, "n"), 2);
});

Deno.test("names that objects have are copies and nodes like others", () => {
  const sheet = take(BLANK, place("constructor"), 1)!;
  assert.equal(cameBack(BLANK, "constructor"), null);
  assert.equal(taken(sheet), 1);
  assert.equal(lentTo(BLANK, "n"), 0);
});

const names = fc.constantFrom("a", "b", "c", "d");
const change = fc.record({
  what: fc.constantFrom("take", "go", "free", "cameBack", "lend", "giveBack"),
  copy: names,
  token: fc.nat(3),
  units: fc.nat(6),
  limit: fc.nat(8),
});

Deno.test("no order of changes takes more than the highest limit, nor makes one go that has no place", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
      let sheet = BLANK;
      let highest = 0;
      for (const { what, copy, token, units, limit } of changes) {
        const mine = place(copy, `${copy}-${token}`);
        const before = sheet;
        if (what === "take") sheet = take(sheet, mine, limit) ?? sheet;
        else if (what === "go") sheet = go(sheet, mine) ?? sheet;
        else if (what === "free") sheet = free(sheet, mine) ?? sheet;
        else if (what === "cameBack") sheet = cameBack(sheet, copy) ?? sheet;
        else if (what === "lend") {
          sheet = lend(sheet, { node: copy, amount: units }, limit) ?? sheet;
        } else sheet = giveBack(sheet, { node: copy, left: units }) ?? sheet;
        if (what === "take" || what === "lend") highest = Math.max(highest, limit);
        assert.ok(taken(sheet) <= highest);
        if (taken(sheet) > taken(before)) assert.ok(taken(sheet) <= limit);
        assert.equal(sheet.gone - before.gone, what === "go" && sheet !== before ? 1 : 0);
        if (sheet.gone > before.gone) assert.equal(before.held[copy], mine.token);
      }
    }),
  );
});
