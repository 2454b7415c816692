import assert from "node:assert/strict";
import { SLOTS } from "./keys.ts";
import { stretches } from "./stretches.ts";

const { hour, day } = SLOTS;
const START = Date.UTC(2026, 9, 28);

Deno.test("a range is cut into days, hours and pieces of hours, each moment in one", () => {
  const at = (days: number, hours = 0, ms = 0) => START + days * day + hours * hour + ms;
  const cut = (from: number, to: number, byDay = true) => stretches({ from, to }, byDay);
  assert.deepEqual(cut(at(0), at(3)), {
    days: [{ from: at(0), to: at(3) }],
    hours: [],
    pieces: [],
  });
  assert.deepEqual(cut(at(0), at(3), false), {
    days: [],
    hours: [{ from: at(0), to: at(3) }],
    pieces: [],
  });
  assert.deepEqual(cut(at(0, 22, 1), at(3, 2, 5)), {
    days: [{ from: at(1), to: at(3) }],
    hours: [{ from: at(0, 23), to: at(1) }, { from: at(3), to: at(3, 2) }],
    pieces: [{ from: at(0, 22, 1), to: at(0, 23) }, { from: at(3, 2), to: at(3, 2, 5) }],
  });
  // Round midnight, within a day, within an hour, and of nothing.
  assert.deepEqual(cut(at(0, 20), at(1, 4)), {
    days: [],
    hours: [{ from: at(0, 20), to: at(1, 4) }],
    pieces: [],
  });
  const within = { from: at(0, 5, 1), to: at(0, 5, 9) };
  assert.deepEqual(stretches(within, true), { days: [], hours: [], pieces: [within] });
  const across = { from: at(0, 5, 1), to: at(0, 6, 9) };
  assert.deepEqual(stretches(across, true), { days: [], hours: [], pieces: [across] });
  const none = { from: at(2), to: at(1) };
  assert.deepEqual(stretches(none, true), { days: [], hours: [], pieces: [none] });
});

Deno.test("a range without ends needs no look at single copies there", () => {
  const all = { from: -Infinity, to: Infinity };
  assert.deepEqual(stretches({}, true), { days: [all], hours: [], pieces: [] });
  assert.deepEqual(stretches({}, false), { days: [], hours: [all], pieces: [] });
  assert.deepEqual(stretches({ from: START + hour + 1 }, true), {
    days: [{ from: START + day, to: Infinity }],
    hours: [{ from: START + 2 * hour, to: START + day }],
    pieces: [{ from: START + hour + 1, to: START + 2 * hour }],
  });
});
