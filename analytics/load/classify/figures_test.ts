/** The figures that docs/tracking.md gives are those of the corpus. */
import assert from "node:assert/strict";
import { actorsOf, agentRows, answersOfAgents, answersOfSequences } from "./test_corpus.ts";
import { type Score, score, scoreOf } from "./test_score.ts";

const PAGE = new URL("../../../docs/tracking.md", import.meta.url);
const NAMES = {
  mailClient: "mail client",
  os: "system",
  deviceType: "kind of device",
  support: "support",
  browser: "browser",
  brand: "brand",
} as const;

const percent = (share: number) => (share * 100).toFixed(1);
const both = ({ rows, precision, recall }: Score) =>
  rows === 0 ? ["–", "–"] : [percent(precision), percent(recall)];
const line = (
  name: string,
  whole: Score,
  heldOut: Score,
) => [name, `${whole.rows}`, ...both(whole), ...both(heldOut)];

/** The table's rows, cell by cell. */
function figures(): string[][] {
  const agents = answersOfAgents();
  const ofActor = agents.filter(({ about }) => about === "actor");
  const hits = [...ofActor, ...answersOfSequences()];
  const heldOut = ofActor.filter((answer) => answer.heldOut);
  return [
    ...actorsOf(hits).map((actor) =>
      line(`\`${actor}\``, scoreOf(actor, hits), scoreOf(actor, heldOut))
    ),
    ...Object.entries(NAMES).map(([about, name]) => {
      const answers = agents.filter((answer) => answer.about === about);
      return line(name, score(answers), score(answers.filter((answer) => answer.heldOut)));
    }),
  ];
}

Deno.test("docs/tracking.md gives the figures of the corpus", async () => {
  const page = await Deno.readTextFile(PAGE);
  const table = page.slice(page.indexOf("**How right it is.**")).split("\n")
    .filter((text) => /^\| [`a-z]/.test(text))
    .map((text) => text.split("|").slice(1, -1).map((cell) => cell.trim()));
  assert.deepEqual(table, figures());
  assert.match(page, new RegExp(`on ${agentRows().length.toLocaleString("en")} labelled agents`));
});
