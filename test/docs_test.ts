/** Documents that name things of the code name all of them. */
import assert from "node:assert/strict";
import { CATALOGUE } from "@chappe/src/events";
import { ConfigError, readConfig } from "@chappe/src/runtime";

const read = (path: string) => Deno.readTextFile(new URL(`../${path}`, import.meta.url));

Deno.test("docs/events.md names every event type, and no other", async () => {
  const text = await read("docs/events.md");
  const families = new Set(Object.keys(CATALOGUE).map((t) => t.split(".")[0]!));
  const named = [...text.matchAll(/`([a-z]+\.[a-z-]+)`/g)].map((m) => m[1]!)
    .filter((name) => families.has(name.split(".")[0]!));
  assert.deepEqual([...new Set(named)].sort(), Object.keys(CATALOGUE).sort());
});

Deno.test("docs/operating.md names every variable, and no other", async () => {
  const text = await read("docs/operating.md");
  const named = [...new Set(text.match(/CHAPPE_[A-Z]+(_[A-Z]+)*/g))].sort();
  let known: string[] = [];
  try {
    readConfig({ CHAPPE_X: "1" }, () => "");
  } catch (error) {
    assert(error instanceof ConfigError);
    known = error.problems[0]!.match(/CHAPPE_[A-Z_]+/g)!
      .filter((name) => name !== "CHAPPE_X" && !name.endsWith("_FILE"));
  }
  assert.deepEqual(named, known.sort());
});
