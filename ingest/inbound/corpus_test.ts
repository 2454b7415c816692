/**
 * The corpus of notifications in fixtures/dsn: one file a format or case, with what each must be taken
 * for in expected.json; null where it reports no failure.
 */
import assert from "node:assert/strict";
import { FORMATS } from "./bounce_formats.ts";
import { readIncoming } from "./incoming.ts";
import { readReport } from "./report.ts";
import { fixture } from "./test_support.ts";

interface Expected {
  class: string;
  kind: string;
  code: number | null;
  enhanced: string | null;
}

const folder = new URL("fixtures/dsn/", import.meta.url);
const expected: Record<string, Expected | null> = JSON.parse(
  await Deno.readTextFile(new URL("expected.json", folder)),
);
const formatsSeen = new Set<unknown>();

/** The bounce in a file, as it would be read had it come from `mailFrom`. */
async function bounced(name: string, mailFrom: string) {
  return readReport(readIncoming(await fixture(`dsn/${name}`), mailFrom)).bounced;
}

Deno.test("every file is expected, and there are many", async () => {
  const files = await Array.fromAsync(Deno.readDir(folder));
  const names = files.map(({ name }) => name).filter((name) => name.endsWith(".eml"));
  assert.deepEqual(names.sort(), Object.keys(expected).map((name) => `${name}.eml`).sort());
  assert(names.length >= 30);
});

for (const [name, wanted] of Object.entries(expected)) {
  Deno.test(`${name}: ${wanted === null ? "no failure" : `${wanted.class}, ${wanted.kind}`}`, async () => {
    const found = await bounced(name, "");
    formatsSeen.add(found?.why.figures?.format);
    const read = found === null ? null : {
      class: found.class,
      kind: found.kind,
      code: found.reply?.code ?? null,
      enhanced: found.reply?.enhanced ??
        /^([45]\.\d+\.\d+) /.exec(found.error ?? "")?.[1] ?? null,
    };
    assert.deepEqual(read, wanted, JSON.stringify(found));
  });
}

Deno.test("each format has a file, and a source", () => {
  const unseen = FORMATS.filter(({ name }) => !formatsSeen.has(name));
  assert.deepEqual(unseen.map(({ name }) => name), []);
  assert(FORMATS.every(({ source }) => source !== ""));
});

Deno.test("words of a person count for nothing, whatever they quote", async () => {
  for (const name of Object.keys(expected)) {
    const text = new TextDecoder("latin1").decode(await fixture(`dsn/${name}`))
      .replace(/^From: .*$/m, "From: Someone <someone@corp.example>");
    if (/delivery-status/.test(text)) continue;
    const raw = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const incoming = readIncoming(raw, "someone@corp.example");
    assert.equal(readReport(incoming).bounced, null, name);
  }
});

Deno.test("texts made to be slow are read at once", () => {
  const starts = [
    "Hi. This is the ",
    "This message was created automatically by mail delivery software.\n",
    "mailer-daemon@orange.fr ",
    "undeliverable ",
    "Your message to ",
    "DELIVERY FAILURE:",
    "<a@b>: ",
    "550 ",
    "could not be delivered ",
    "mail delivery ",
    "<p><a ",
  ];
  for (const start of starts) {
    for (const type of ["text/plain", "text/html"]) {
      const text = `From: mailer-daemon@x.example\r\nContent-Type: ${type}\r\n\r\n` +
        start.repeat(250_000 / start.length);
      readReport(readIncoming(new TextEncoder().encode(text), ""));
    }
  }
});
