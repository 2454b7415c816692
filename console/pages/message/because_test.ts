import assert from "node:assert/strict";
import { REPUTATION_RULES } from "@chappe/src/sending";
import type { Lang } from "../../i18n/mod.ts";
import { TEXTS } from "../../i18n/mod.ts";
import { formatFor } from "../../web/format.ts";
import { because } from "./because.ts";

const UNTIL = Date.parse("2026-11-28T18:00:00Z");
const why = {
  rule: "overflow",
  figures: { addresses: 2, strange: 7 },
  alternatives: [
    { address: "192.0.2.1", pool: "own", rule: "warm-up-day-1", until: UNTIL },
    { address: "192.0.2.2", pool: "own", rule: "paused:bounces: 9 %" },
    { address: null, pool: "shared", rule: "a rule of later" },
  ],
};
const told = (lang: Lang) => because({ t: TEXTS[lang], format: formatFor(lang, "UTC") }, why);

Deno.test("the rule, its figures, and what spoke against each other address, in words", () => {
  assert.equal(
    told("en"),
    "the overflow pool, as none of the account's own was free, free addresses 2, strange 7; " +
      "192.0.2.1: the allowance of day 1 was used up, until 28/11/2026, 18:00:00; " +
      "192.0.2.2: paused (bounces: 9 %); shared: a rule of later",
  );
});

Deno.test("in French too", () => {
  assert.equal(
    told("fr"),
    "le groupe de débordement, aucune adresse du compte n'étant libre, adresses libres 2, strange 7; " +
      "192.0.2.1: la limite du jour 1 du rodage était atteinte, jusqu'au 28/11/2026 18:00:00; " +
      "192.0.2.2: en pause (bounces: 9 %); shared: a rule of later",
  );
});

Deno.test("whatever pauses an address is told in words, in each language", () => {
  const pausing = REPUTATION_RULES.filter(({ pauseMs }) => pauseMs !== null);
  for (const rule of ["by-hand", "block-list:zen", ...pausing.map(({ name }) => name)]) {
    const alternatives = [{ address: "192.0.2.1", pool: "own", rule: `paused:${rule}` }];
    for (const lang of ["en", "fr"] as const) {
      const view = { t: TEXTS[lang], format: formatFor(lang, "UTC") };
      const words = because(view, { rule: "warm-up", alternatives });
      assert(!words.includes(rule), words);
    }
  }
});
