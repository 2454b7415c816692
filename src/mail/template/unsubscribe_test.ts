import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import PostalMime from "postal-mime";
import { toBytes, toText } from "../bytes.ts";
import { hasLongLine } from "../lines.ts";
import { compile, type CompileOptions } from "./compile.ts";

const URL = `https://t.example/u/${"Ab-_9".repeat(20)}`;
const OPTIONS: CompileOptions = {
  opens: true,
  clicks: true,
  alternative: true,
  footer: "Unsubscribe",
  remove: [],
  optionsName: "X-EFIDEM-HEADERS",
  files: [],
};
const TOP = "From: a@b.example\r\nMIME-Version: 1.0\r\n";

/** The copy, and how another library reads it. */
async function copyOf(text: string, options: Partial<CompileOptions> = {}) {
  const template = compile(toBytes(TOP + text.replace(/\r?\n/g, "\r\n")), {
    ...OPTIONS,
    ...options,
  });
  const copy = toText(template.fill({
    link: (i) => `https://t.example/c/${i}`,
    pixel: "https://t.example/o/1",
    unsubscribe: () => URL,
    file: (i) => `https://t.example/f/${i}`,
    prepend: [],
  }));
  assert(!hasLongLine(copy) && !/\r(?!\n)|(?<!\r)\n/.test(copy));
  const { text: plain = "", html = "", attachments } = await PostalMime.parse(toBytes(copy));
  return { copy, plain: plain.replaceAll("\r\n", "\n"), html, attachments, links: template.links };
}
const count = (text: string, part: string) => text.split(part).length - 1;
const qp = (text: string) =>
  text.replace(/[={\x80-\xff]/g, (c) => `=${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/unsub/g, "un=\nsub");
const base64 = (text: string) => `${Buffer.from(text, "latin1").toString("base64")}\n`;
const encodings: [string, (text: string) => string][] = [
  ["8bit", (text) => text],
  ["quoted-printable", qp],
  ["base64", base64],
];

for (const [encoding, encode] of encodings) {
  const part = (type: string, body: string) =>
    `Content-Type: text/${type}; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${
      encode(body)
    }`;

  Deno.test(`a footer stands at the end of html and of its text, ${encoding}`, async () => {
    const { html, plain } = await copyOf(part("html", "<body><p>Hello</p></body>\n"));
    assert.match(
      html,
      new RegExp(
        `<p>Hello</p>\\s*<p[^>]*><a href="${URL}"[^>]*>Unsubscribe</a></p>\\s*<img[^>]*></body>`,
      ),
    );
    assert.equal(plain.trimEnd(), `Hello\n\nUnsubscribe: ${URL}`);
  });

  Deno.test(`a footer stands at the end of text and of its html, ${encoding}`, async () => {
    const { html, plain } = await copyOf(part("plain", "Hello\n"));
    assert.equal(plain.trimEnd(), `Hello\n\nUnsubscribe: ${URL}`);
    assert.equal(count(html, `<a href="${URL}"`), 1);
  });

  Deno.test(`a placeholder is replaced, and no footer added, ${encoding}`, async () => {
    const body =
      '<a href="{{unsubscribe}}">Stop</a> <a href="http://%7B%7bunsubscribe%7D%7D">or</a> {{unsubscribe}}';
    const { html, plain, links } = await copyOf(part("html", body));
    assert.equal(count(html, `<a href="${URL}">`), 2);
    assert.equal(count(html, URL), 3);
    assert.deepEqual(links, [], "never wrapped as a click");
    assert.equal(plain.replace(/\s+/g, " ").trim(), `Stop (${URL}) or (${URL}) ${URL}`);
    const text = await copyOf(part("plain", "Stop: {{unsubscribe}}\n"));
    assert.equal(text.plain.trimEnd(), `Stop: ${URL}`);
    assert.equal(count(text.html, `<a href="${URL}">${URL}</a>`), 1);
  });

  Deno.test(`words that are not ASCII, ${encoding}`, async () => {
    const words = { footer: 'Se désabonner & <"tout">' };
    const both = await copyOf(part("html", "<p>Hello"), words);
    assert(both.html.includes(">Se d&#233;sabonner &#38; &#60;&#34;tout&#34;&#62;</a>"));
    assert(both.plain.includes(`${words.footer}: ${URL}`));
  });
}

Deno.test("a footer's words fit the character set of the text", async () => {
  const part = (charset: string, encoding: string) =>
    copyOf(
      `Content-Type: text/plain${charset}\nContent-Transfer-Encoding: ${encoding}\n\nHello\n`,
      {
        footer: "Se désabonner",
      },
    );
  for (
    const [charset, encoding, expected] of [
      ["; charset=utf-8", "7bit", "Se désabonner"],
      ["; charset=iso-8859-1", "8bit", "Se désabonner"],
      ["; charset=windows-1252", "7bit", "Se désabonner"],
      ["; charset=koi8-r", "8bit", "Se desabonner"],
      ["", "7bit", "Se desabonner"],
    ] as const
  ) {
    const { plain, copy } = await part(charset, encoding);
    assert.equal(plain.trimEnd(), `Hello\n\n${expected}: ${URL}`, charset);
    if (encoding === "7bit") assert(!/[\x80-\xff]/.test(copy), "7bit or encoded");
  }
  const cyrillic = await copyOf("\nHello\n", { footer: "Отписаться" });
  assert.equal(cyrillic.plain.trimEnd(), `Hello\n\n${URL}`);
});

Deno.test("the longest words fit on lines", async () => {
  const { html, copy } = await copyOf("Content-Type: text/html\n\n<p>Hello</p>\n", {
    footer: "Ж".repeat(200),
  });
  assert.equal(count(html, "&#1046;"), 200);
  assert(copy.includes("Content-Transfer-Encoding: quoted-printable"));
});

Deno.test("one footer where the body is in pieces; none in files", async () => {
  const body = (...parts: string[]) =>
    `Content-Type: multipart/mixed; boundary=b\n\n${
      parts.map((p) => `--b\n${p}\n`).join("")
    }--b--\n`;
  const html = "Content-Type: text/html\n\n<p>Hello</p>";
  const file = "Content-Type: text/html\nContent-Disposition: attachment\n\n<p>{{unsubscribe}}</p>";
  const { copy, attachments } = await copyOf(body(html, file, html));
  assert.equal(count(copy, ">Unsubscribe</a>"), 1);
  assert.equal(count(copy, "Unsubscribe: https"), 1, "and in the text beside it");
  assert.equal(
    new TextDecoder().decode(attachments[0]!.content as ArrayBuffer).trim(),
    "<p>{{unsubscribe}}</p>",
  );
});

Deno.test("signed, encrypted, reports: no footer, and placeholders stay", async () => {
  for (
    const text of [
      "Content-Type: multipart/signed; boundary=b\n\n--b\n\n{{unsubscribe}}\n--b\n\nx\n--b--\n",
      "Content-Type: application/pkcs7-mime\n\nAAAA\n",
      "\n-----BEGIN PGP SIGNED MESSAGE-----\n{{unsubscribe}}\n",
      `Content-Transfer-Encoding: base64\n\n${
        base64("-----BEGIN PGP SIGNED MESSAGE-----\n{{unsubscribe}}")
      }`,
      "Content-Type: multipart/report; boundary=b\n\n--b\n\nread\n--b\nContent-Type: message/disposition-notification\n\nx: y\n--b--\n",
    ]
  ) {
    assert.equal((await copyOf(text)).copy, TOP + text.replaceAll("\n", "\r\n"));
  }
});

Deno.test("many placeholders on one line", async () => {
  const { plain } = await copyOf(`\n${"{{unsubscribe}} ".repeat(60)}\n`, { alternative: false });
  assert.equal(count(plain, URL), 60);
});

const OPTIONS_PART =
  'Content-Type: application/json; name="X-EFIDEM-HEADERS"\n\n{"trackOpen": true}';

Deno.test("the file with the sender's options is left out, what stands around it is not", async () => {
  const own = "Content-Type: text/plain\n\nHello";
  const pdf = "Content-Type: application/pdf; name=a.pdf\n\nx";
  for (const parts of [[own, OPTIONS_PART], [OPTIONS_PART, own], [own, OPTIONS_PART, pdf]]) {
    const text = (of: string[]) =>
      `Content-Type: multipart/mixed; boundary=b\n\n${
        of.map((p) => `--b\n${p}\n`).join("")
      }--b--\n`;
    const options = { alternative: false, footer: null, opens: false };
    const { copy } = await copyOf(text(parts), options);
    const without = await copyOf(text(parts.filter((p) => p !== OPTIONS_PART)), options);
    assert.equal(copy, without.copy);
    const both = await copyOf(text(parts));
    assert.equal(both.plain.trimEnd(), `Hello\n\nUnsubscribe: ${URL}`);
    assert(!both.copy.includes("trackOpen"));
  }
});

Deno.test("options with nothing beside them leave a message that says nothing", async () => {
  const { copy, plain, html } = await copyOf(
    `Content-Type: multipart/mixed; boundary=b\n\n--b\n${OPTIONS_PART}\n--b--\n`,
  );
  assert(!copy.includes("trackOpen"));
  assert.deepEqual([plain, html], ["", ""]);
});
