import assert from "node:assert/strict";
import { STATUSES } from "@chappe/src/rules";
import { LANGS, negotiate, TEXTS } from "./mod.ts";

/** Paths of all texts below `node`, with what stands there. */
function texts(node: object, path = ""): [string, unknown][] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === "object" && value !== null
      ? texts(value, `${path}${key}.`)
      : [[path + key, value] as [string, unknown]]
  );
}

Deno.test("every language has every text, and none is empty", () => {
  const paths = texts(TEXTS.en).map(([path]) => path);
  for (const lang of LANGS) {
    const own = texts(TEXTS[lang]);
    assert.deepEqual(own.map(([path]) => path).sort(), paths.toSorted(), lang);
    for (const [path, text] of own) {
      const shown = typeof text === "function" ? text(2) : text;
      assert(typeof shown === "string" && shown.trim() !== "", `${lang} ${path}`);
    }
  }
});

Deno.test("French statuses and types carry the labels of the service", () => {
  assert.deepEqual(STATUSES.map((status) => TEXTS.fr.status[status]), [
    "Message envoyé, attente retour",
    "Différé par le serveur distant",
    "Délivré",
    "En erreur",
    "Annulé",
    "Liste noire",
    "Ouvert",
    "Cliqué",
    "Désabonné",
    "Reporté comme Spam",
  ]);
  assert.deepEqual(TEXTS.fr.kind, { to: "A", cc: "CC", bcc: "CCI" });
});

Deno.test("the language is the best one the browser asks for", () => {
  const cases: [string | undefined, string][] = [
    [undefined, "en"],
    ["fr", "fr"],
    ["fr-CA,fr;q=0.9,en;q=0.8", "fr"],
    ["de-DE,de;q=0.9,fr;q=0.3,en;q=0.2", "fr"],
    ["en;q=0.5, fr;q=0.4", "en"],
    ["fr;q=0, en;q=0.1", "en"],
    ["*", "en"],
    [";;;,q=", "en"],
  ];
  for (const [header, lang] of cases) assert.equal(negotiate(header), lang, header);
});
