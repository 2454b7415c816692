/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type Lines, LINES_BYTES, readLines, uuidv7, writeLines } from "@chappe/src/events";
import { type FileSpill, type FileSpillOptions, openFileSpill } from "./file_spill.ts";

/** When the log takes what comes out, whenever it was written. */
const NOW = 1_764_374_400_000;

const hit = (rcpt: number) => ({
  type: "engagement.opened" as const,
  v: 2,
  id: uuidv7(0),
  account: "demo",
  at: 0,
  rcpt,
  data: { mode: "full" as const, userAgent: "é\n\u2028", hints: {}, ip: "", sinceSent: null },
});

const hits = (from: number, to: number, recorded = 0): Lines[] =>
  writeLines(
    "engagement",
    Array.from({ length: to - from }, (_, i) => hit(from + i)),
    recorded,
    LINES_BYTES,
  );
const rcpts = (pieces: readonly Lines[]) =>
  pieces.flatMap(({ bytes }) => readLines(bytes)).map((event) => event.rcpt!);

async function withFolder(
  test: (
    folder: string,
    open: (options?: Partial<FileSpillOptions>) => Promise<FileSpill>,
    errors: unknown[],
  ) => Promise<void>,
): Promise<void> {
  const base = await Deno.makeTempDir({ prefix: "chappe-spill-" });
  const folder = `${base}/edge`;
  const errors: unknown[] = [];
  const usual = { folder, maxBytes: 1e9, now: () => NOW, onError: (e: unknown) => errors.push(e) };
  try {
    await test(folder, (options) => openFileSpill({ ...usual, ...options }), errors);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

/** Takes everything out; the recipients, in order. */
async function drain(spill: FileSpill, most: number): Promise<number[]> {
  const found: number[] = [];
  while (!spill.isEmpty()) {
    const pieces = await spill.peek(most);
    assert(pieces.reduce((sum, { count }) => sum + count, 0) <= most);
    assert.deepEqual(await spill.peek(most), pieces);
    const events = pieces.flatMap(({ bytes }) => readLines(bytes));
    assert(events.every(({ recorded }) => recorded === NOW));
    found.push(...rcpts(pieces));
    await spill.drop();
  }
  return found;
}
const numbers = (to: number) => Array.from({ length: to }, (_, i) => i);
const filesIn = async (folder: string) => (await Array.fromAsync(Deno.readDir(folder))).length;

Deno.test("what is pushed comes out in order, also while more comes in, and leaves no file", async () => {
  await withFolder(async (folder, open) => {
    const spill = await open();
    assert(spill.isEmpty());
    assert(await spill.push(hits(0, 5)));
    assert.deepEqual(rcpts(await spill.peek(2)), [0, 1]);
    assert(await spill.push(hits(5, 8)));
    await spill.drop();
    assert.deepEqual(await drain(spill, 2), [2, 3, 4, 5, 6, 7]);
    assert.deepEqual([spill.bytes(), await filesIn(folder)], [0, 0]);
    spill.close();
  });
});

Deno.test("many hits lie in several files, each gone when it is drained", async () => {
  await withFolder(async (folder, open) => {
    const spill = await open();
    for (let i = 0; i < 100; i++) assert(await spill.push(hits(i * 1000, (i + 1) * 1000)));
    const files = await filesIn(folder);
    assert(files > 3, String(files));
    assert.deepEqual(await drain(spill, 1000), numbers(100_000));
    assert.equal(await filesIn(folder), 0);
    spill.close();
  });
});

Deno.test("what does not fit is refused whole, and there is room again when something is taken", async () => {
  await withFolder(async (_, open) => {
    const spill = await open({ maxBytes: 1000 });
    assert(await spill.push(hits(0, 4)));
    assert(spill.bytes() <= 1000);
    assert.equal(await spill.push(hits(4, 10)), false);
    assert.deepEqual(await drain(spill, 10), [0, 1, 2, 3]);
    assert(await spill.push(hits(4, 8)));
    spill.close();
  });
});

Deno.test("who starts takes over what nobody holds, and nothing of the living", async () => {
  await withFolder(async (_, open) => {
    const gone = await open();
    await gone.push(hits(0, 3));
    const living = await open();
    assert(living.isEmpty());
    await living.push(hits(3, 5));
    gone.close();
    const heir = await open();
    assert.deepEqual(await drain(heir, 10), [0, 1, 2]);
    assert.deepEqual(await drain(living, 10), [3, 4]);
    for (const spill of [living, heir]) spill.close();
  });
});

Deno.test("a line cut short by a kill is left out, the others are read", async () => {
  await withFolder(async (folder, open, errors) => {
    const gone = await open();
    await gone.push(hits(0, 3));
    gone.close();
    const [file] = await Array.fromAsync(Deno.readDir(folder));
    await Deno.writeTextFile(`${folder}/${file!.name}`, '{"type":"engagement.op', { append: true });
    const heir = await open();
    assert.deepEqual(await drain(heir, 10), [0, 1, 2]);
    assert(errors.length > 0);
    heir.close();
  });
});

Deno.test("what lies there from before lines told when they were recorded is read too", async () => {
  await withFolder(async (folder, open, errors) => {
    await Deno.mkdir(folder);
    const lines = [0, 1].map((rcpt) => `${JSON.stringify(hit(rcpt))}\n`);
    await Deno.writeTextFile(`${folder}/${uuidv7(0)}.jsonl`, lines.join(""));
    const heir = await open();
    assert.deepEqual([await drain(heir, 10), errors], [[0, 1], []]);
    heir.close();
  });
});

Deno.test("families stay apart", async () => {
  await withFolder(async (_, open) => {
    const spill = await open();
    const left = {
      ...hit(1),
      type: "feedback.unsubscribed" as const,
      data: { method: "page" as const },
    };
    const pieces = [
      ...hits(0, 1),
      ...writeLines("feedback", [left], 0, LINES_BYTES),
      ...hits(2, 3),
    ];
    assert(await spill.push(pieces));
    const found = await spill.peek(10);
    assert.deepEqual(found.map(({ family }) => family), ["engagement", "feedback"]);
    assert.deepEqual(rcpts(found), [0, 2, 1]);
    spill.close();
  });
});

Deno.test("a process that is killed leaves behind what it kept", async () => {
  await withFolder(async (folder, open) => {
    const module = new URL("./file_spill.ts", import.meta.url).href;
    const script = `import { openFileSpill } from "${module}";
      const spill = await openFileSpill({ folder: "${folder}", maxBytes: 1e9, now: Date.now, onError: console.error });
      for (let i = 0; ; i++) {
        const line = JSON.stringify({ recorded: 0, type: "engagement.opened", v: 2, rcpt: i, data: {} });
        const bytes = new TextEncoder().encode(line + "\\n");
        await spill.push([{ family: "engagement", count: 1, bytes }]);
        console.log(i);
      }`;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", script],
      cwd: new URL("../..", import.meta.url).pathname,
      stdout: "piped",
    }).spawn();
    let kept = -1;
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      kept = Math.max(kept, ...text.trim().split("\n").slice(0, -1).map(Number));
      if (kept < 20) continue;
      child.kill("SIGKILL");
      break;
    }
    await child.status;
    const heir = await open();
    const found = await drain(heir, 100);
    assert.deepEqual(found, numbers(found.length));
    assert(found.length > kept, `${found.length} of ${kept}`);
    heir.close();
  });
});
