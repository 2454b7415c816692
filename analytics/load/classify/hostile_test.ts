import assert from "node:assert/strict";
import fc from "fast-check";
import { ACTORS, clientOf, judge, type RawHit } from "./mod.ts";

/** Longest agent and hint that the log holds. */
const AGENT = 1024;
const HINT = 512;
/** What patterns of the tables begin with or repeat: food for backtracking. */
const MORSELS = [
  ..."a( );/.,-_@!0é\0",
  "iPhone OS ",
  "(iPad; ",
  "Android 1; ",
  "; wv) ",
  "Chrome/1 ",
  "Version/1 ",
  "compatible; ",
  "Mozilla/5.0 (",
  "like Mac OS X ",
  "Darwin/1 CFNetwork/1 ",
  "Outlook/1 ",
  "Microsoft Outlook ",
  "YahooMobile/1 (mail; ",
  "opera version/",
  "webkit mobile ",
  "; U;) silk",
  "Cubot bot ",
  "x.com",
  "1.",
];
const HEADS = ["", "Mozilla/5.0 (Linux; Android 10; ", "Mozilla/5.0 (iPhone; CPU iPhone OS "];

function answer(userAgent: string, hints: Record<string, string>): void {
  const client = clientOf(userAgent, hints);
  for (const text of Object.values(client)) {
    assert(typeof text === "string" && text.length <= AGENT);
  }
  const base = { id: "a", at: 0, sinceSent: null, userAgent, hints, ip: "::" };
  const click: RawHit = { ...base, kind: "click", link: 0 };
  const open: RawHit = { ...base, kind: "open", link: null };
  for (const hit of [click, open]) {
    const verdict = judge(hit, [{ ...click, id: "b", link: 1, actor: "human" }]);
    assert(ACTORS.includes(verdict.actor) && verdict.reason !== "");
  }
}

// A pattern that takes exponential or cubic time would not come to an end here.
for (const morsel of MORSELS) {
  Deno.test(`an agent of ${JSON.stringify(morsel)} again and again is read to its end`, () => {
    for (const head of HEADS) {
      const agent = (head + morsel.repeat(AGENT)).slice(0, AGENT);
      answer(agent, {});
      answer(`${agent.slice(1)}!`, {});
      const hint = morsel.repeat(HINT).slice(0, HINT);
      answer(agent, { "sec-ch-ua": hint, "sec-ch-ua-platform": hint, referer: hint });
      answer(agent, { "sec-ch-ua": `"${hint}";v="`.slice(0, HINT), "sec-purpose": hint });
    }
  });
}

Deno.test("whatever comes is answered", () => {
  const text = (maxLength: number) => fc.string({ unit: "binary", maxLength });
  const hints = fc.dictionary(
    fc.constantFrom("referer", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform", "purpose"),
    text(HINT),
  );
  fc.assert(fc.property(text(AGENT / 2), hints, answer), { numRuns: 300 });
});

Deno.test("names of an object's own parts are names like any other", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    answer(name, { "sec-ch-ua": `"${name}";v="1"`, "sec-ch-ua-platform": `"${name}"` });
    assert.equal(
      clientOf("Mozilla/5.0 (X11; Linux) Firefox/1", {
        "sec-ch-ua-platform": `"${name}"`,
      }).os,
      "Linux",
    );
  }
});
