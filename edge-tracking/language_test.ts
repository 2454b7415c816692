/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { languageOf } from "./language.ts";

Deno.test("the language is the one preferred of ours", () => {
  const cases: [string | undefined, string][] = [
    [undefined, "en"],
    ["", "en"],
    ["de", "en"],
    ["*", "en"],
    ["fr", "fr"],
    ["fr-CA", "fr"],
    ["FR;q=0.8", "fr"],
    ["fr-FR,fr;q=0.9,en-US;q=0.8", "fr"],
    ["en-GB,fr;q=0.9", "en"],
    ["en;q=0.5, fr;q=0.9", "fr"],
    ["de, en;q=0.2 , fr ; q=0.7", "fr"],
    ["fr;q=0, en;q=0.1", "en"],
    ["fr;q=x", "en"],
    ["fro", "en"],
    [";;;,,,", "en"],
  ];
  for (const [header, language] of cases) assert.equal(languageOf(header), language, header);
});
