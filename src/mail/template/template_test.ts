import assert from "node:assert/strict";
import fc from "fast-check";
import PostalMime from "postal-mime";
import { toBytes, toText } from "../bytes.ts";
import { hasLongLine } from "../lines.ts";
import { compile, type Template } from "./compile.ts";
import { MAX_LINKS } from "./spots.ts";
import { CORPUS } from "./corpus_fixture.ts";

const NONE = {
  opens: false,
  clicks: false,
  alternative: false,
  footer: null,
  remove: [],
  optionsName: null,
  files: [],
};
const BOTH = { ...NONE, opens: true, clicks: true, remove: ["X-Options"] };
/** Puts the placeholder where it was. */
const unsubscribe = () => "{{unsubscribe}}";
const file = (index: number) => `https://t.example/f/${index}`;
const track = (position: number) =>
  `https://t.example/c/${String(position).padStart(3, "0")}${"Ab-_9".repeat(40)}`;
const PIXEL = `https://t.example/o/${"Ab-_9".repeat(30)}`;

const same = (template: Template) =>
  toText(
    template.fill({ link: (i) => template.links[i]!, pixel: null, unsubscribe, file, prepend: [] }),
  );
const tracked = (template: Template) =>
  toText(template.fill({ link: track, pixel: PIXEL, unsubscribe, file, prepend: [] }));
const withoutBcc = (text: string) => text.replace(/^Bcc:.*\r\n/m, "");
/** The decoded HTML of a message, as another library reads it. */
const htmlOf = async (text: string) =>
  (await PostalMime.parse(toBytes(text))).html?.replace(/\r/g, "").trim() ?? "";
const links = (html: string) =>
  [...html.matchAll(/<a(?:rea)?[^>]*?\shref=["']?(https:\/\/t\.example[^"' >]*)/g)].map((m) =>
    m[1]
  );

for (const { name, text, links: expected, pixels } of CORPUS) {
  Deno.test(`${name}: links are found in order`, () => {
    assert.deepEqual(compile(toBytes(text), BOTH).links, expected);
  });

  Deno.test(`${name}: with its own links a copy is the message without Bcc`, () => {
    assert.equal(same(compile(toBytes(text), BOTH)), withoutBcc(text));
    const untouched = compile(toBytes(text), NONE);
    assert.deepEqual([...untouched.links, same(untouched)], [withoutBcc(text)]);
  });

  Deno.test(`${name}: each link and pixel stands in the copy, and nothing else changed`, async () => {
    const template = compile(toBytes(text), BOTH);
    const copy = tracked(template);
    assert.ok(!hasLongLine(copy));
    assert.ok(!/\r(?!\n)|(?<!\r)\n/.test(copy));
    if (expected.length + pixels === 0) return assert.equal(copy, withoutBcc(text));
    const html = await htmlOf(copy);
    assert.deepEqual(links(html), expected.map((_, i) => track(i)));
    assert.equal(html.split(`<img src="${PIXEL}"`).length - 1, pixels);
    // Taking out what was put in leaves the document as it was.
    const blank = (source: string) =>
      source.replace(new RegExp(`<img src="${PIXEL}"[^>]*>`, "g"), "")
        .replace(/https:\/\/t\.example\/c\/[\w-]+/g, "LINK").replace(/\s+/g, " ").trim();
    let original = await htmlOf(text);
    let from = 0;
    for (const url of expected) {
      const written = [url.replaceAll("&", "&amp;"), url, decodeURI(url)]
        .find((form) => original.includes(form, from)) ?? "?";
      const at = hrefAt(original, written, from);
      original = original.slice(0, at) + "LINK" + original.slice(at + written.length);
      from = at;
    }
    assert.equal(blank(html), original.replace(/\s+/g, " ").trim());
  });

  Deno.test(`${name}: quoted-printable lines stay within 76 characters`, () => {
    if (!/^Content-Transfer-Encoding: quoted-printable/mi.test(text)) return;
    const copy = tracked(compile(toBytes(text), BOTH));
    for (const line of copy.split("\r\n")) assert.ok(line.length <= 76, line);
  });
}

function hrefAt(html: string, url: string, from: number): number {
  const found = ['"', "'", ""].map((quote) => html.indexOf(`href=${quote}${url}`, from))
    .filter((at) => at >= 0);
  return html.indexOf(url, Math.min(...found));
}

const message = (html: string, encoding = "8bit", top = "") =>
  toBytes(
    `From: a@b.example\r\n${top}Content-Type: text/html; charset=utf-8\r\n` +
      `Content-Transfer-Encoding: ${encoding}\r\n\r\n${html}`,
  );

Deno.test("fields are removed whatever their case, and put on top in order", () => {
  const template = compile(
    message("x", "8bit", 'X-OPTIONS: {\r\n "a": 1}\r\nbcc: c@d.example\r\nResent-Bcc: e@f\r\n'),
    BOTH,
  );
  assert.deepEqual([...template.fields], ["from", "content-type", "content-transfer-encoding"]);
  const copy = toText(
    template.fill({
      link: track,
      pixel: null,
      unsubscribe,
      file,
      prepend: [["A", "1"], ["B", "2"]],
    }),
  );
  assert.ok(copy.startsWith("A: 1\r\nB: 2\r\nFrom: a@b.example\r\nContent-Type:"));
});

Deno.test("the pixel stands before the last </body>, else at the end", () => {
  const body = (html: string) =>
    tracked(compile(message(html), BOTH)).split("\r\n\r\n")[1]!.replace(/<img[^>]*>/, "PIXEL");
  assert.equal(body("</body><!--</body>--></html>\r\n"), "PIXEL</body><!--</body>--></html>\r\n");
  assert.equal(body("text\r\n"), "textPIXEL\r\n");
  assert.equal(body('</body><a href="https://a.example/">').indexOf("PIXEL"), 0);
});

Deno.test("bare line ends do not survive", () => {
  const copy = tracked(compile(message('a\nb\r<a href="https://a.example/">\n.\n'), BOTH));
  assert.ok(!/\r(?!\n)|(?<!\r)\n/.test(copy));
});

Deno.test("lines that were already too long are encoded, in text and in HTML", async () => {
  const long = `<a href="https://a.example/">\xc3\xa9</a> `.repeat(60);
  const html = tracked(compile(message(long), BOTH));
  assert.ok(!hasLongLine(html));
  assert.match(html, /^Content-Transfer-Encoding: quoted-printable\r\n/m);
  assert.equal(links(await htmlOf(html)).length, 60);

  const plain = `From: a@b.example\r\n\r\n${"\xc3\xa9 word ".repeat(300)}\r\n`;
  const copy = same(compile(toBytes(plain), NONE));
  assert.ok(!hasLongLine(copy));
  assert.match(copy, /MIME-Version: 1.0\r\n\r\n/);
  assert.equal((await PostalMime.parse(toBytes(copy))).text?.trim(), "é word ".repeat(300).trim());

  const code = btoa("x".repeat(3000));
  const file = `From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n${code}\r\n`;
  const wrapped = same(compile(toBytes(file), BOTH));
  assert.ok(!hasLongLine(wrapped));
  assert.equal(wrapped.split("\r\n\r\n")[1]!.replaceAll("\r\n", ""), code);
});

Deno.test("many links on one line, and links longer than a line may be", async () => {
  const short = '<a\r\nhref="https://a.example/">x</a>'.replace("\r\n", " ").repeat(25);
  const copy = tracked(compile(message(short), BOTH));
  assert.ok(!hasLongLine(copy));
  assert.match(copy, /^Content-Transfer-Encoding: 8bit\r\n/m);
  assert.equal(links(await htmlOf(copy)).length, 25);

  const url = `https://a.example/${"x".repeat(700)}`;
  const template = compile(message(`<a href="${url}">x</a>`), BOTH);
  const far = `https://t.example/${"y".repeat(1500)}`;
  const long = toText(
    template.fill({ link: () => far, pixel: null, unsubscribe, file, prepend: [] }),
  );
  assert.ok(!hasLongLine(long));
  assert.deepEqual(links(await htmlOf(long)), [far]);
});

Deno.test("header lines that are too long are folded, and read the same", () => {
  const words = "word ".repeat(400).trim();
  const copy = same(compile(
    message("x", "8bit", `Subject: ${words}\r\nX-Long: ${"y".repeat(2500)}\r\n`),
    BOTH,
  ));
  assert.ok(!hasLongLine(copy));
  assert.ok(copy.replaceAll("\r\n ", " ").includes(words));
  assert.equal(copy.replace(/\r\n /g, "").match(/y+/)![0].length, 2500);
});

Deno.test("links beyond the limit keep their targets", () => {
  const template = compile(
    message('<a href="https://a.example/">\r\n'.repeat(MAX_LINKS + 3)),
    BOTH,
  );
  assert.equal(template.links.length, MAX_LINKS);
  assert.equal(tracked(template).split("https://a.example/").length - 1, 3);
});

Deno.test("too many parts and too deep ones are left alone, in reasonable time", () => {
  const part = '--b\r\nContent-Type: text/html\r\n\r\n<a href="https://a.example/">\r\n';
  const many = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(10_000)}--b--\r\n`;
  let deep = "";
  for (let i = 0; i < 200; i++) {
    deep += `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`;
  }
  deep += 'Content-Type: text/html\r\n\r\n<a href="https://a.example/">\r\n';
  for (const text of [many, deep]) {
    const template = compile(toBytes(text), BOTH);
    assert.equal(template.links.length, 0);
    assert.equal(tracked(template), text);
  }
});

Deno.test("large input of any shape is compiled and filled, and keeps within the line limit", () => {
  const shapes = [
    '<a href="https://a.example/">x</a>',
    "<a href=",
    "\xc3\xa9",
    " ",
    "=",
    "=\r\n",
    "\r\n",
    "</style",
    "x",
  ];
  for (const shape of shapes) {
    const large = shape.repeat(Math.ceil(1_000_000 / shape.length));
    for (const encoding of ["8bit", "quoted-printable", "base64"]) {
      const copy = tracked(compile(message(large, encoding), BOTH));
      assert.ok(encoding === "base64" || !hasLongLine(copy), `${shape} in ${encoding}`);
    }
    const header = `X: ${large.replaceAll("\r\n", " ")}\r\n`;
    assert.ok(!hasLongLine(tracked(compile(message("x", "8bit", header), BOTH))), shape);
  }
});

Deno.test("whatever the HTML and its encoding, own links give the message back", () => {
  const piece = fc.constantFrom(
    '<a href="https://a.example/x?y=1&z=2">',
    "<a href=https://b.example/>",
    "</a>",
    "</body>",
    " ",
    "=",
    "=3D",
    "=\r\n",
    "\r\n",
    "x".repeat(70),
    "\xc3\xa9",
    "<",
    '"',
    ".",
  );
  const bodies = fc.array(piece, { maxLength: 25, size: "max" });
  fc.assert(
    fc.property(
      bodies,
      fc.constantFrom("7bit", "quoted-printable", "base64"),
      (pieces, encoding) => {
        const raw = message(pieces.join(""), encoding);
        if (hasLongLine(toText(raw))) return;
        assert.equal(same(compile(raw, BOTH)), toText(raw));
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("whatever the HTML, a copy in quoted-printable decodes to the same as one in 8bit", async () => {
  const piece = fc.constantFrom(
    '<a href="https://a.example/x?y=1&z=2">',
    '<a class="b"\r\nhref="https://a.example/x">',
    "text ",
    "\r\n",
    "x".repeat(70),
    "=",
    "\xc3\xa9",
    "</body>",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 25, size: "max" }), async (pieces) => {
      const html = `<p>${pieces.join("")}`;
      const plain = tracked(compile(message(html), BOTH));
      const encoded = html.replace(
        /[=\x80-\xff]/g,
        (char) => `=${char.charCodeAt(0).toString(16).toUpperCase()}`,
      );
      const qp = tracked(compile(message(encoded, "quoted-printable"), BOTH));
      const flat = async (text: string) => (await htmlOf(text)).replace(/\s+/g, "");
      assert.equal(await flat(qp), await flat(plain));
    }),
    { numRuns: 300 },
  );
});

Deno.test("no bytes whatever make it throw", () => {
  const piece = fc.constantFrom(
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: text/html\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "\r\n",
    "--b\r\n",
    "--b--",
    "<a href=",
    "https://a.example/",
    "\n",
    "\0",
    "\xff",
    "=",
    " ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40, size: "max" }), (pieces) => {
      const copy = tracked(compile(toBytes(pieces.join("")), BOTH));
      assert.ok(!/\r(?!\n)|(?<!\r)\n/.test(copy));
    }),
    { numRuns: 1000 },
  );
});
