import assert from "node:assert/strict";
import type { NewEvent } from "../events/mod.ts";
import { importSuppressions } from "./import.ts";

/** In pieces of `size` bytes, as a network brings them. */
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}

async function run(csv: string | Uint8Array, size = 7) {
  const bytes = typeof csv === "string" ? new TextEncoder().encode(csv) : csv;
  const commits: NewEvent[][] = [];
  const progress: number[] = [];
  const report = await importSuppressions(pieces(bytes, size), {
    account: "acme",
    source: "list.csv",
    by: "operator",
    append: (events) => Promise.resolve(commits.push([...events])),
    now: () => 1_763_800_000_000,
    onProgress: ({ added }) => progress.push(added),
  });
  const entries = commits.flat().map((e) => {
    assert(e.type === "suppression.added");
    const { reason, note, source } = e.data;
    assert.deepEqual([e.account, e.by, source], ["acme", "operator", "list.csv"]);
    return [e.recipient, reason, ...note === undefined ? [] : [note]];
  });
  return { report, entries, commits, progress };
}

Deno.test("with a header or without, whatever the separator, the order and the line ends", async () => {
  const expected = [["anne@b.example", "complaint", "said so"], ["paul@b.example", "import"]];
  const files = [
    "Anne@B.example,complaint,said so\npaul@b.example\n",
    "recipient,reason,note\r\nanne@b.example,complaint,said so\r\npaul@b.example,,",
    "\ufeffE-mail;Motif;Commentaire\nanne@b.example;complaint;said so\n\n;;\npaul@b.example;import;\n",
    'note\treason\temail\n"said so"\tComplaint\t"anne@b.example"\n\t\tpaul@b.example',
    'name,EMAIL,reason,note\r"A, Anne",anne@b.example,complaint,said so\rP,paul@b.example\r',
  ];
  for (const file of files) {
    for (const size of [1, 7, 10_000]) {
      const { entries, report } = await run(file, size);
      assert.deepEqual(entries, expected, `${size}: ${file}`);
      assert.equal(report.added, 2);
    }
  }
});

Deno.test("a reason that is none of ours is kept as a note", async () => {
  const { entries } = await run(
    'email,reason,note\na@b.example,Spam Trap,"said ""no"",\ntwice"\nc@b.example,bounced\n',
  );
  assert.deepEqual(entries, [
    ["a@b.example", "import", 'Spam Trap: said "no",\ntwice'],
    ["c@b.example", "import", "bounced"],
  ]);
});

Deno.test("bad lines are told by number, the others count; an address twice counts once", async () => {
  const long = "x".repeat(20_000);
  const { entries, report } = await run([
    "email,note",
    "a@b.example,1",
    "not an address,2",
    ",3",
    "A@B.EXAMPLE,4",
    `${long}@b.example,5`,
    '"b@b.example,a quote that nobody closes',
    "c@bücher.example,7",
    "d@b.example,8",
  ].join("\n"));
  assert.deepEqual(entries.map(([recipient]) => recipient), [
    "a@b.example",
    "c@xn--bcher-kva.example",
    "d@b.example",
  ]);
  assert.deepEqual(
    { ...report, errors: report.errors.map((e) => [e.line, e.error]).sort() },
    {
      added: 3,
      duplicates: 1,
      refused: 4,
      errors: [
        [3, '"not an address" is not an address: write it as name@example.com'],
        [4, "no address"],
        [6, "longer than 8192 characters"],
        [7, "a quote is not closed"],
      ],
    },
  );
});

Deno.test("what is no text in UTF-8 is refused, not guessed", async () => {
  const latin = Uint8Array.from(
    [...new TextEncoder().encode("j\u{1}r@b.example\n")],
    (byte) => byte === 1 ? 0xe9 : byte,
  );
  assert.deepEqual((await run(latin)).report.errors, [{ line: 1, error: "not in UTF-8" }]);
  const wide = Uint8Array.from([..."a@b.example\n"].flatMap((c) => [c.charCodeAt(0), 0]));
  assert.equal((await run(wide)).report.added, 0);
  assert.deepEqual((await run("")).report, { added: 0, duplicates: 0, refused: 0, errors: [] });
});

Deno.test("commits of a few hundred, progress after each; a log that is away ends it", async () => {
  const many = Array.from({ length: 1234 }, (_, i) => `r${i}@b.example`).join("\n");
  const { commits, progress } = await run(many, 4096);
  assert.deepEqual(commits.map((c) => c.length), [500, 500, 234]);
  assert.deepEqual(progress, [500, 1000, 1234]);
  const away = () => Promise.reject(new Error("away"));
  const options = { account: "a", source: "x", by: "operator", append: away, now: () => 0 };
  await assert.rejects(
    importSuppressions(pieces(new TextEncoder().encode(many), 99), options),
    /away/,
  );
});

Deno.test("a thousand bad lines are counted, a hundred told", async () => {
  const { report } = await run("x\n".repeat(1000), 512);
  assert.deepEqual([report.refused, report.errors.length], [1000, 100]);
});
