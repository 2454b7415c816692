/** The house rules: who may import whom, who may read the environment, how long a file may be. */
import assert from "node:assert/strict";
import { dirname, join, normalize, relative } from "node:path";

const root = join(import.meta.dirname!, "..");
const MEMBERS = ["src", "ingest", "analytics", "edge-tracking", "console"];

/** What a member may import of the others, by the name of their doors. */
const MAY_IMPORT: Record<string, RegExp> = {
  "src": /^$/,
  "ingest": /^@chappe\/src\//,
  "analytics": /^@chappe\/src\//,
  "console": /^@chappe\/(src\/|analytics$)/,
  "edge-tracking": /^@chappe\/src\/(events|rules)$/,
};
/** Runtime entries of the edge: the only files there that know a runtime. */
const EDGE_ENTRIES = /^edge-tracking\/entries\//;
/** Pure rooms: no runtime, no Node. Most of them run at the edge too. */
const PURE = /^(src\/(events|rules|sending)|edge-tracking|analytics\/load\/classify)\//;

interface Source {
  path: string;
  member: string;
  text: string;
  imports: string[];
}

async function sources(): Promise<Source[]> {
  const found: Source[] = [];
  const walk = async (folder: string) => {
    for await (const entry of Deno.readDir(join(root, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) await walk(path);
      else if (/\.tsx?$/.test(path)) {
        const text = await Deno.readTextFile(join(root, path));
        const imports = [...text.matchAll(/^(?:import|export)[^;]*?from\s+"([^"]+)"/gms)]
          .map((m) => m[1]!);
        found.push({ path, member: path.split("/")[0]!, text, imports });
      }
    }
  };
  for (const folder of [...MEMBERS, "main", "test", "bench"]) await walk(folder);
  return found;
}

const all = await sources();
/** Tests, and what helps them (`test_….ts`), run nowhere else. */
const FOR_TESTS = /(_(test|bench)|\/test_\w+)\.tsx?$/;
const shipped = all.filter((s) => MEMBERS.includes(s.member) && !FOR_TESTS.test(s.path));

Deno.test("parts import only through doors, and only the doors they may", () => {
  const wrong: string[] = [];
  for (const { path, member, imports } of all.filter((s) => MEMBERS.includes(s.member))) {
    for (const specifier of imports) {
      const isTest = /_test\.tsx?$/.test(path);
      if (specifier.startsWith(".")) {
        const target = relative(root, normalize(join(root, dirname(path), specifier)));
        if (target.split("/")[0] !== member) wrong.push(`${path} reaches into ${target}`);
      } else if (specifier.startsWith("@chappe/") && !isTest) {
        const allowed = EDGE_ENTRIES.test(path) ? /^@chappe\/src\// : MAY_IMPORT[member]!;
        if (!allowed.test(specifier)) wrong.push(`${path} imports ${specifier}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("pure rooms know no runtime", () => {
  const wrong = shipped
    .filter((s) => PURE.test(s.path) && !EDGE_ENTRIES.test(s.path))
    .filter((s) =>
      s.imports.some((i) => i.startsWith("node:")) || /\b(Deno|process|Buffer)\./.test(s.text)
    )
    .map((s) => s.path);
  assert.deepEqual(wrong, []);
});

Deno.test("only the composition root reads the environment", () => {
  const wrong = shipped.filter((s) => /\bDeno\.env\b|\bprocess\.env\b/.test(s.text));
  assert.deepEqual(wrong.map((s) => s.path), []);
});

Deno.test("shipped code writes through the structured log, not the console", () => {
  const wrong = shipped.filter((s) => /\bconsole\.(log|error|warn|info|debug)\(/.test(s.text));
  assert.deepEqual(wrong.map((s) => s.path), []);
});

Deno.test("no file is longer than 300 lines", () => {
  const long = shipped.concat(all.filter((s) => s.member === "main"))
    .map((s) => ({ path: s.path, lines: s.text.split("\n").length - 1 }))
    .filter((s) => s.lines > 300);
  assert.deepEqual(long, []);
});

Deno.test("the rule finds what it forbids", () => {
  assert(all.length > 20 && shipped.some((s) => s.imports.length > 0));
  assert(!MAY_IMPORT["ingest"]!.test("@chappe/analytics"));
  assert(!MAY_IMPORT["edge-tracking"]!.test("@chappe/src/log"));
});
