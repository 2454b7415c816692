/** Files found in messages, and the copies without them. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import PostalMime from "postal-mime";
import { toBytes, toText } from "../bytes.ts";
import { hasLongLine } from "../lines.ts";
import { FORMS } from "../template/alternative_fixture.ts";
import { compile } from "../template/compile.ts";
import { CORPUS } from "../template/corpus_fixture.ts";
import { decodeFileText } from "./decode.ts";
import { findFiles, MAX_FILES } from "./find.ts";

const NAME = "X-EFIDEM-HEADERS";
const TOP = "From: ann@example.com\r\nMIME-Version: 1.0\r\n";
const crlf = (text: string) => text.replace(/\r?\n/g, "\r\n");
const urlOf = (index: number) => `https://t.example/f/${index}${"Ab-_9".repeat(30)}`;

/** The files of a message, and the copy without them as another library reads it. */
async function split(text: string, top = TOP) {
  const raw = toBytes(crlf(top + text));
  const files = findFiles(raw, NAME);
  const template = compile(raw, {
    opens: true,
    clicks: true,
    alternative: true,
    footer: "Unsubscribe",
    remove: [],
    optionsName: NAME,
    files,
  });
  const copy = toText(template.fill({
    link: (i) => `https://t.example/c/${i}`,
    pixel: "https://t.example/o/1",
    unsubscribe: () => "https://t.example/u/1",
    file: urlOf,
    prepend: [],
  }));
  assert.ok(!hasLongLine(copy) && !/\r(?!\n)|(?<!\r)\n/.test(copy));
  const read = await PostalMime.parse(toBytes(copy));
  return { raw: toText(raw), files, copy, html: read.html ?? "", plain: read.text ?? "", read };
}

const part = (type: string, body: string, more = "") => `Content-Type: ${type}\n${more}\n${body}`;
const multipart = (kind: string, ...parts: string[]) => {
  const boundary = `b${kind}`;
  const inner = parts.map((p) => `--${boundary}\n${p}\n`).join("");
  return part(`multipart/${kind}; boundary=${boundary}`, `${inner}--${boundary}--\n`);
};
const attached = (name: string, body = "content", type = "application/pdf") =>
  part(
    type,
    Buffer.from(body).toString("base64"),
    `Content-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n`,
  );
const TEXT = part("text/plain; charset=utf-8", "Hello");
const HTML = part("text/html; charset=utf-8", '<p>Hello <a href="https://a.example/">a</a></p>');
const named = (files: readonly { name: string }[]) => files.map(({ name }) => name);

Deno.test("attachments become links at the end of both forms, before the footer", async () => {
  const invoice = attached("Invoice 7.pdf", "x".repeat(5000));
  const { files, raw, copy, html, plain, read } = await split(
    multipart("mixed", multipart("alternative", TEXT, HTML), invoice, attached("été.csv", "a;b")),
  );
  assert.deepEqual(files.map(({ name, type, size, encoding }) => [name, type, size, encoding]), [
    ["Invoice 7.pdf", "application/pdf", 5000, "base64"],
    ["été.csv", "application/pdf", 3, "base64"],
  ]);
  const [file] = files;
  assert.equal(
    toText(decodeFileText(raw.slice(file!.start, file!.end), "base64")),
    "x".repeat(5000),
  );
  assert.deepEqual(read.attachments, []);
  assert.ok(copy.length < raw.length);
  const links = [...html.matchAll(/<a href="([^"]+)"[^>]*>([^<]+)<\/a>\s*\(([^)]+)\)/g)];
  assert.deepEqual(links.map(([, ...link]) => link), [
    [urlOf(0), "Invoice 7.pdf", "5 KB"],
    [urlOf(1), "&#233;t&#233;.csv", "3 B"],
  ]);
  assert.match(html, /Hello[^]*Documents[^]*Unsubscribe[^]*<img src="https:\/\/t\.example\/o/);
  assert.ok(
    plain.replaceAll("\r\n", "\n").trimEnd().endsWith(
      `Hello\n\nDocuments\n- Invoice 7.pdf (5 KB)\n  ${urlOf(0)}\n- été.csv (3 B)\n  ${urlOf(1)}` +
        "\n\nUnsubscribe: https://t.example/u/1",
    ),
    plain,
  );
});

Deno.test("a message of one form gains the other, and both have the links", async () => {
  for (const body of [TEXT, HTML]) {
    const { html, plain, read } = await split(multipart("mixed", body, attached("a.pdf")));
    assert.ok(html.includes(`<a href="${urlOf(0)}"`) && plain.includes(urlOf(0)));
    assert.deepEqual(read.attachments, []);
  }
});

Deno.test("sizes are written as the message's language has them", async () => {
  const file = attached("a.pdf", "x".repeat(1_500_000));
  const french = multipart("mixed", part("text/html", '<html lang="fr-FR"><p>Bonjour'), file);
  assert.match((await split(french)).html, /\(1,4 Mo\)/);
  const said = await split(multipart("mixed", TEXT, file), `${TOP}Content-Language: fr\r\n`);
  assert.match(said.plain, /\(1,4 Mo\)/);
  assert.match((await split(multipart("mixed", TEXT, file))).plain, /\(1\.4 MB\)/);
});

Deno.test("images that are shown, invitations, options and what is inline stay", async () => {
  const image = (id: string, disposition: string) =>
    part("image/png; name=l.png", "iVBORw0KGgo=", `${disposition}Content-ID: <${id}>\n`);
  const shown = part("text/html", '<img src="cid:Logo%40x"><img src="cid:two">');
  const { files, read } = await split(
    multipart(
      "mixed",
      multipart("related", shown, image("logo@x", "Content-Disposition: attachment\n")),
      image("two", "Content-Disposition: attachment; filename=two.png\n"),
      part("image/png; name=unsaid.png", "x"),
      part("application/pdf; name=in.pdf", "x", "Content-Disposition: inline; filename=in.pdf\n"),
      part("text/calendar; method=REQUEST; name=invite.ics", "BEGIN:VCALENDAR"),
      part("application/ics; name=invite.ics", "BEGIN:VCALENDAR"),
      part("application/ms-tnef; name=winmail.dat", "x"),
      part("application/json", "{}", `Content-Disposition: attachment; filename=${NAME}.json\n`),
      part("text/html; name=shown.html", "<p>not a file</p>"),
      part("application/zip; name=said.zip", "x"),
      attached("gone.pdf"),
    ),
  );
  assert.deepEqual(named(files), ["said.zip", "gone.pdf"]);
  assert.deepEqual(
    read.attachments.map(({ filename }) => filename).filter((name) => name !== null).sort(),
    ["in.pdf", "invite.ics", "invite.ics", "l.png", "two.png", "unsaid.png", "winmail.dat"],
  );
});

Deno.test("a file beside one of several forms is one; a form is not", async () => {
  const apple = multipart("mixed", HTML, attached("within.pdf"));
  const { files, html } = await split(
    multipart("alternative", TEXT, apple, part("application/pdf; name=form.pdf", "x")),
  );
  assert.deepEqual(named(files), ["within.pdf"]);
  assert.ok(html.includes(urlOf(0)));
});

Deno.test("in related parts only what is said to be a file, and never the first", async () => {
  const { files } = await split(
    multipart(
      "related",
      HTML,
      attached("said.pdf"),
      part("application/pdf; name=unsaid.pdf", "x"),
      part("a/b", "x", "Content-Disposition: attachment\nContent-Location: https://x.example/\n"),
    ),
  );
  assert.deepEqual(named(files), ["said.pdf"]);
  assert.deepEqual((await split(multipart("related", attached("root.pdf"), HTML))).files, []);
});

Deno.test("each encoding of a file is undone, and what is broken stays attached", async () => {
  const with8 = (encoding: string, body: string) =>
    part(
      "text/csv; name=a.csv",
      body,
      `Content-Disposition: attachment\nContent-Transfer-Encoding: ${encoding}\n`,
    );
  const { files, raw, read } = await split(
    multipart(
      "mixed",
      TEXT,
      with8("8bit", "a;\xe9\nb"),
      with8("Quoted-Printable", "a=3Bb \n=C3=\n=A9=0A="),
      with8("base64", "not base64!"),
      with8("x-uuencode", "begin 644 a"),
      with8("quoted-printable", "x".repeat(2000)),
    ),
  );
  const contents = files.map(({ start, end, encoding }) =>
    toText(decodeFileText(raw.slice(start, end), encoding))
  );
  assert.deepEqual(contents, ["a;\xe9\r\nb", "a;b\r\n\xc3\xa9\n"]);
  assert.deepEqual(files.map(({ size }) => size), contents.map(({ length }) => length));
  assert.equal(read.attachments.length, 3);
});

Deno.test("a message of files only gains a body that links to them", async () => {
  for (
    const parts of [
      [attached("scan.pdf")],
      [part("text/plain", ""), attached("scan.pdf"), attached("two.pdf")],
      [part("text/plain; charset=utf-16", "\xfe\xff\0H\0i"), attached("scan.pdf")],
    ]
  ) {
    const { files, html, plain, read } = await split(multipart("mixed", ...parts));
    assert.ok(files.length > 0);
    for (const [i] of files.entries()) {
      assert.ok(html.includes(`<a href="${urlOf(i)}"`) && plain.includes(urlOf(i)));
    }
    assert.ok(read.attachments.every(({ filename }) => filename === null));
  }
});

Deno.test("what must not be changed, or has no place for links, keeps its files", async () => {
  const armour = "-----BEGIN PGP MESSAGE-----\nabc\n";
  for (
    const text of [
      attached("alone.pdf"),
      TEXT,
      multipart("signed; protocol=x", multipart("mixed", TEXT, attached("a.pdf")), "\nsig"),
      multipart("mixed", TEXT, attached("a.pdf"), part("application/pkcs7-mime; name=s.p7m", "x")),
      multipart("mixed", part("text/plain", armour), attached("a.pdf")),
      multipart("mixed", TEXT, attached("a.pdf")).replace("--bmixed--", ""),
      multipart("report", TEXT, attached("a.pdf")),
      multipart("digest", TEXT, attached("a.pdf")),
      multipart(
        "mixed",
        part(
          "text/plain",
          Buffer.from(armour).toString("base64"),
          "Content-Transfer-Encoding: base64\n",
        ),
        attached("a.pdf"),
      ),
    ]
  ) assert.deepEqual((await split(text)).files, [], text);
});

Deno.test("more files than are linked stay attached", async () => {
  const many = Array.from({ length: MAX_FILES + 5 }, (_, i) => attached(`${i}.pdf`));
  const { files, read } = await split(multipart("mixed", TEXT, ...many));
  assert.equal(files.length, MAX_FILES);
  assert.deepEqual(read.attachments.map(({ filename }) => filename), [
    "100.pdf",
    "101.pdf",
    "102.pdf",
    "103.pdf",
    "104.pdf",
  ]);
});

Deno.test("the longest names of any script fit, in any character set", async () => {
  const name = "Ж".repeat(100);
  const file = attached("x").replace(
    '"x"',
    `"=?utf-8?b?${Buffer.from(name).toString("base64")}?="`,
  );
  const { html, plain } = await split(multipart("mixed", TEXT, file));
  assert.equal(html.split("&#1046;").length - 1, 100);
  assert.ok(plain.includes(`- ${name} (7 B)`));
  const ascii = await split(multipart("mixed", part("text/plain", "Hello"), file));
  assert.match(ascii.plain, /- 1 \(7 B\)/);
});

Deno.test("a name is text in the HTML, whatever it holds", async () => {
  const { html } = await split(multipart("mixed", HTML, attached("a&amp;b<i>'.pdf")));
  assert.ok(html.includes(">a&#38;amp;b_i_'.pdf</a>"), html);
});

Deno.test("of every message of both corpora, the copy lacks just the files found", async () => {
  let found = 0;
  for (const { name, text } of [...FORMS, ...CORPUS]) {
    const before = await PostalMime.parse(toBytes(text));
    const { files, read } = await split(text, "");
    found += files.length;
    assert.equal(read.attachments.length, before.attachments.length - files.length, name);
  }
  assert.ok(found >= 5, `${found}`);
});
