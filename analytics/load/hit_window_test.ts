import assert from "node:assert/strict";
import { WINDOW_MS } from "./classify/mod.ts";
import { HitWindow } from "./hit_window.ts";

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const click = (id: string, at: number, link: number) => ({
  id,
  kind: "click" as const,
  at,
  sinceSent: null,
  userAgent: BROWSER,
  hints: {},
  ip: "192.0.2.0",
  link,
});

Deno.test("a burst revokes what came before it, and what follows counts by that", () => {
  const window = new HitWindow();
  assert.equal(window.judge("a", click("1", 1_000, 0), 1_000).actor, "human");
  const second = window.judge("a", click("2", 1_100, 1), 1_100);
  assert.deepEqual([second.actor, second.revokes.map(({ id }) => id)], ["scanner", ["1"]]);
  // Revoked once: it counts as a scanner's from now on.
  assert.deepEqual(window.judge("a", click("3", 1_200, 2), 1_200).revokes, []);
  assert.equal(window.judge("b", click("4", 1_300, 3), 1_300).actor, "human");
});

Deno.test("an event that stands twice says what the first has come to, and revokes nothing", () => {
  const window = new HitWindow();
  window.judge("a", click("1", 1_000, 0), 1_000);
  const { reason } = window.judge("a", click("2", 1_100, 1), 1_100);
  for (const [id, at, link] of [["1", 1_000, 0], ["2", 1_100, 1]] as const) {
    assert.deepEqual(window.judge("a", click(id, at, link), 1_200), {
      actor: "scanner",
      reason,
      revokes: [],
    });
  }
});

Deno.test("hits beyond the classifier's window matter no more, however late the log took them", () => {
  const window = new HitWindow();
  window.judge("a", click("1", 0, 0), 300_000);
  assert.equal(window.judge("a", click("2", WINDOW_MS + 1, 1), 300_000).actor, "human");
  assert.equal(window.judge("a", click("3", 100, 2), 300_000).actor, "scanner");
});

Deno.test("memory is bounded: by number, by time, and for one copy", () => {
  const window = new HitWindow();
  for (let i = 0; i < HitWindow.HELD + 10; i++) {
    window.judge(`${i}`, click(`${i}`, 0, 0), 0);
  }
  assert.equal(window.size, HitWindow.HELD);
  window.judge("late", click("x", 0, 0), HitWindow.KEEP_MS + 1);
  assert.equal(window.size, 1);

  const one = new HitWindow();
  const many = HitWindow.HELD_OF_COPY + 1;
  for (let i = 0; i < many; i++) {
    one.hold("a", { ...click(`${i}`, 0, 0), actor: "human", reason: "" }, [], 0);
  }
  const { revokes } = one.judge("a", click("x", 1, 1), 0);
  assert.deepEqual(revokes.map(({ id }) => id).slice(0, 2), ["1", "2"]);
});
