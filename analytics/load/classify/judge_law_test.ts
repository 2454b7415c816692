/** What holds of every verdict, whatever the hits. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { judge, type JudgedHit, MACHINES, type RawHit, WINDOW_MS } from "./mod.ts";

const AGENTS = [
  "",
  "Mozilla/5.0",
  "curl/8.5.0",
  "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/138.0.0.0 Safari/537.36",
];

/** Hits on one copy in the log's order; their times may run back, as edges write late. */
const hits = fc.array(
  fc.record({
    kind: fc.constantFrom("open", "click" as const),
    at: fc.integer({ min: 0, max: 90_000 }),
    isBare: fc.boolean(),
    agent: fc.constantFrom(...AGENTS),
    ip: fc.constantFrom("", "192.0.2.0", "40.94.1.0"),
    link: fc.integer({ min: 0, max: 4 }),
  }),
  { maxLength: 30 },
).map((rows) =>
  rows.map(({ kind, at, isBare, agent, ip, link }, i): RawHit => ({
    id: `${i}`,
    kind: kind === "open" ? "open" : "click",
    at,
    sinceSent: at,
    userAgent: agent,
    hints: isBare ? {} : { "accept-language": "fr" },
    ip,
    link: kind === "open" ? null : link,
  }))
);

/** Judges hit after hit; `see` is shown each with what was before it. */
function play(
  all: readonly RawHit[],
  see: (hit: RawHit, before: readonly JudgedHit[]) => void = () => {},
): JudgedHit[] {
  const judged: JudgedHit[] = [];
  for (const hit of all) {
    const before = judged.filter(({ at }) => at >= hit.at - WINDOW_MS);
    see(hit, structuredClone(before));
    const { actor, revokes } = judge(hit, before);
    for (const id of revokes) judged[Number(id)]!.actor = "scanner";
    judged.push({ ...hit, actor });
  }
  return judged;
}

Deno.test("the same hits are judged the same, however often the log is read", () => {
  fc.assert(fc.property(hits, (all) => {
    assert.deepEqual(play(all), play(all));
  }));
});

Deno.test("a hit revokes only earlier ones, that counted as a person's, and is a scanner's then", () => {
  fc.assert(fc.property(hits, (all) => {
    play(all, (hit, before) => {
      const { actor, revokes } = judge(hit, before);
      if (revokes.length > 0) assert.equal(actor, "scanner");
      assert.equal(new Set(revokes).size, revokes.length);
      for (const id of revokes) {
        const earlier = before.find((one) => one.id === id);
        assert(earlier !== undefined && !MACHINES.has(earlier.actor));
      }
    });
  }));
});

Deno.test("opens, and clicks on one link, are nobody's burst", () => {
  const calm = hits.map((all) =>
    all.filter(({ userAgent, ip }) => userAgent.includes("Firefox") && ip === "192.0.2.0")
      .map((hit) => ({ ...hit, sinceSent: null, link: hit.kind === "open" ? null : 3 }))
      .map((hit, i) => ({ ...hit, id: `${i}` }))
  );
  fc.assert(fc.property(calm, (all) => {
    assert.deepEqual(new Set(play(all).map(({ actor }) => actor)).has("scanner"), false);
  }));
});
