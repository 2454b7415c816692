import assert from "node:assert/strict";
import fc from "fast-check";
import PostalMime, { type Email } from "postal-mime";
import { toBytes, toText } from "../bytes.ts";
import { readHeader } from "../header/fields.ts";
import { hasLongLine } from "../lines.ts";
import { leavesOf, readTree } from "../mime/structure.ts";
import { withAlternative } from "./alternative.ts";
import { FORMS, type FormSample } from "./alternative_fixture.ts";
import { compile } from "./compile.ts";
import { CORPUS } from "./corpus_fixture.ts";

/** What the samples of the common corpus gain. */
const CORPUS_GAINS: Record<string, FormSample["gains"]> = {
  "text alone": "html",
  "html, 7bit": "plain",
  "html, quoted-printable with soft breaks inside links": "plain",
  "html, base64": "plain",
  "html in UTF-8, 8bit": "plain",
  "html in ISO-8859-1, 8bit": "plain",
  "broken quoted-printable": "plain",
};
const SAMPLES: readonly FormSample[] = [
  ...FORMS,
  ...CORPUS.map(({ name, text }) => ({
    name: `corpus: ${name}`,
    text,
    gains: CORPUS_GAINS[name] ?? null,
  })),
];

/** All bytes of the parts that hold no others: the header too, but for the message's own. */
function partsIn(text: string): string[] {
  const root = readTree(text, readHeader(text));
  return (root === null ? [] : leavesOf(root)).map((leaf) =>
    text.slice(leaf === root ? leaf.header.bodyStart : leaf.header.start, leaf.end)
  );
}
const parse = (text: string) => PostalMime.parse(toBytes(text));
const files = ({ attachments }: Email) =>
  attachments.map(({ filename, mimeType, disposition, contentId, content }) => ({
    filename,
    mimeType,
    disposition,
    contentId,
    content: new Uint8Array(content as ArrayBuffer),
  }));
const flat = (text: string | undefined) => (text ?? "").replace(/\r\n/g, "\n").trim();

for (const { name, text, gains, says = [] } of SAMPLES) {
  Deno.test(`${name}: ${gains === null ? "stays as it is" : `gains ${gains}`}`, async () => {
    const both = withAlternative(text);
    assert.equal(both, withAlternative(text), "the same each time");
    if (gains === null) return assert.equal(both, text);
    assert.notEqual(both, text);
    assert(!hasLongLine(both) && !/\r(?!\n)|(?<!\r)\n/.test(both));

    const [before, after] = await Promise.all([parse(text), parse(both)]);
    const own = gains === "html" ? "text" : "html";
    assert.equal(flat(after[own]), flat(before[own]), "what there was reads as before");
    const added = flat(gains === "html" ? after.html : after.text);
    for (const words of says) assert(added.includes(words), `${words} in ${added}`);
    assert.notEqual(added, "");
    assert.deepEqual(files(after), files(before));
    for (const field of ["from", "to", "subject", "date", "messageId"] as const) {
      assert.deepEqual(after[field], before[field]);
    }
    const parts = partsIn(both);
    for (const part of partsIn(text)) {
      assert(parts.some((kept) => kept.endsWith(part)), `${part} byte for byte`);
    }
    assert.equal(withAlternative(both), both, "both forms: nothing more to gain");
  });
}

const leaf = (text: string) => {
  const both = withAlternative(text);
  const root = readTree(both, readHeader(both));
  assert(root?.sound);
  const shape = (node: typeof root): unknown =>
    node.parts === null ? node.type.value : [node.type.value, ...node.parts.map(shape)];
  return shape(root);
};

Deno.test("text comes first, html last, images beside their html", () => {
  const text = (name: string) => FORMS.find((sample) => sample.name === name)!.text;
  const both = ["multipart/alternative", "text/plain", "text/html"];
  assert.deepEqual(leaf(text("text")), both);
  assert.deepEqual(leaf(text("html")), both);
  assert.deepEqual(leaf(text("html with attachment")), [
    "multipart/mixed",
    both,
    "application/pdf",
  ]);
  assert.deepEqual(leaf(text("html with images and attachment")), [
    "multipart/mixed",
    ["multipart/alternative", "text/plain", ["multipart/related", "text/html", "image/png"]],
    "application/pdf",
  ]);
});

Deno.test("the header fields of the text go with it, and what holds 8-bit parts says so", () => {
  const { text } = FORMS.find(({ name }) => name === "text in UTF-8, 8bit")!;
  const both = withAlternative(text);
  const [header, , own] = both.split("\r\n\r\n");
  assert.match(header!, /\r\nContent-Type: multipart\/alternative; boundary="([^"]+)"\r\n/);
  assert.match(header!, /\r\nContent-Transfer-Encoding: 8bit$/);
  assert.equal(header!.match(/^Content-/gm)?.length, 2);
  assert(
    both.includes(
      "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
    ),
  );
  assert(own!.startsWith("\xc3\xa9t\xc3\xa9"));
});

Deno.test("a message that is not MIME becomes MIME", () => {
  const both = withAlternative("From: a@b.example\r\n\r\nhello\r\n");
  assert.match(both, /^From: a@b\.example\r\nMIME-Version: 1\.0\r\nContent-Type: multipart/);
});

Deno.test("what is added is encoded only where it has to be", () => {
  const encoded = (body: string) =>
    /charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable/.test(
      withAlternative(`From: a@b.example\r\n\r\n${body}\r\n`),
    );
  assert(!encoded("hello"));
  assert(encoded("\xc3\xa9t\xc3\xa9"));
  assert(encoded("x".repeat(995)));
});

Deno.test("a boundary that stands in the content is not taken", () => {
  const text = "From: a@b.example\r\n\r\nhello";
  const [, boundary] = /boundary="([^"]+)"/.exec(withAlternative(text))!;
  // The part added is made of the text alone: in HTML a comment hides the boundary from it.
  const html = (inside: string) =>
    `From: a@b.example\r\nContent-Type: text/html\r\n\r\n<!-- ${inside} -->hello`;
  const [, first] = /boundary="([^"]+)"/.exec(withAlternative(html("")))!;
  const [, second] = /boundary="([^"]+)"/.exec(withAlternative(html(first!)))!;
  assert.notEqual(first, second);
  assert.match(boundary!, /^=_[\w-]{24}$/);
});

Deno.test("10,000 parts, depth 200 and endless bodies stay as they are, in reasonable time", () => {
  const part = "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n";
  const many = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(10_000)}--b--\r\n`;
  let deep = "";
  for (let i = 0; i < 200; i++) {
    deep += `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`;
  }
  const endless = `From: a@b.example\r\n\r\n${"hello\r\n".repeat(500_000)}`;
  for (const text of [many, `${deep}\r\nhello\r\n`, endless]) {
    assert.equal(withAlternative(text), text);
  }
});

Deno.test("the generated html is tracked like any other", () => {
  const raw = toBytes("From: a@b.example\r\n\r\nsee https://shop.example/a?b=1&c=2 now\r\n");
  const template = compile(raw, {
    opens: true,
    clicks: true,
    alternative: true,
    footer: null,
    remove: [],
    optionsName: null,
    files: [],
  });
  assert.deepEqual(template.links, ["https://shop.example/a?b=1&c=2"]);
  const copy = toText(template.fill({
    link: () => "https://t.example/c/1",
    pixel: "https://t.example/o/1",
    unsubscribe: () => "https://t.example/u/1",
    file: () => "https://t.example/f/1",
    prepend: [],
  }));
  assert(
    copy.includes('<a href="https://t.example/c/1">https://shop.example/a?b=1&amp;c=2</a>'),
  );
  assert(copy.includes('<img src="https://t.example/o/1"'));
  assert(copy.includes("\r\nsee https://shop.example/a?b=1&c=2 now\r\n"), "the text is not");
});

Deno.test("no bytes whatever make it throw, and what it makes is whole", () => {
  const piece = fc.constantFrom(
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: multipart/alternative; boundary=c\r\n",
    "Content-Type: multipart/related; boundary=b; start=x\r\n",
    "Content-Type: text/html\r\n",
    "Content-Type: text/plain; format=flowed\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "\r\n",
    "--b\r\n",
    "--c\r\n",
    "--b--\r\n",
    "--c--\r\n",
    "<p>",
    "> ",
    "hello",
    "\0",
    "\xff",
    "=",
    " ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40, size: "max" }), (pieces) => {
      const text = pieces.join("");
      const both = withAlternative(text);
      if (both !== text) assert(readTree(both, readHeader(both))?.sound);
    }),
    { numRuns: 2000 },
  );
});
