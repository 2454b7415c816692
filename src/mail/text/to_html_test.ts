import assert from "node:assert/strict";
import fc from "fast-check";
import { findLinks } from "./links.ts";
import { textToHtml } from "./to_html.ts";

const FIXED = { flowed: false, delSp: false };
const FLOWED = { flowed: true, delSp: false };
/** What stands in the body, without styles. */
const bodyOf = (text: string, format = FIXED) =>
  /<body[^>]*>\r\n([^]*)<\/body>/.exec(textToHtml(text, format))![1]!
    .replace(/ style="[^"]*"/g, "").replaceAll("\r\n", "");

for (
  const [name, text, html, format = FIXED] of [
    ["nothing", "", ""],
    ["paragraphs", "a\r\nb\r\n\r\n\r\nc\r\n", "<p>a<br>b</p><p>c</p>"],
    ["bare line ends", "a\nb", "<p>a<br>b</p>"],
    ["markup", '<b> & "c"', "<p>&lt;b&gt; &amp; &quot;c&quot;</p>"],
    ["entities", "&amp; &lt;", "<p>&amp;amp; &amp;lt;</p>"],
    [
      "spaces",
      "  a   b",
      "<p>&nbsp; a&nbsp;&nbsp; b</p>",
    ],
    ["one space before", " a", "<p>&nbsp;a</p>"],
    ["tabs", "\tx\ta", `<p>${"&nbsp;".repeat(7)} x${"&nbsp;".repeat(6)} a</p>`],
    ["control characters", "a\0b\x1b[1m", "<p>ab[1m</p>"],
    [
      "quotes",
      "a\r\n> b\r\n>> c\r\n> > d\r\ne",
      "<p>a</p><blockquote><p>b</p><blockquote><p>c<br>d</p></blockquote></blockquote><p>e</p>",
    ],
    ["flowed paragraphs", "a \r\nb\r\nc", "<p>a b<br>c</p>", FLOWED],
    ["flowed, spaces deleted", "a \r\nb", "<p>ab</p>", { flowed: true, delSp: true }],
    ["flowed and stuffed", " From \r\n  a", "<p>From&nbsp; a</p>", FLOWED],
    [
      "flowed quotes",
      ">a \r\n> b\r\n>c \r\n>> d",
      "<blockquote><p>a b<br>c</p><blockquote><p>d</p></blockquote></blockquote>",
      FLOWED,
    ],
    ["a signature", "a \r\n-- \r\nAnn", "<p>a<br>--<br>Ann</p>", FLOWED],
    [
      "quotes beyond reason",
      `${">".repeat(500)}a`,
      `${"<blockquote>".repeat(10)}<p>a</p>${"</blockquote>".repeat(10)}`,
    ],
  ] as const
) {
  Deno.test(`${name} in html`, () => assert.equal(bodyOf(text, format), html));
}

for (
  const [text, ...links] of [
    ["see https://a.example/b?c=d&e=f#g, and", "https://a.example/b?c=d&e=f#g"],
    ["(http://a.example/x_(y))", "http://a.example/x_(y)"],
    ["<https://a.example>", "https://a.example"],
    ['"http://a.example/."', "http://a.example/"],
    ["HTTPS://A.EXAMPLE/!?", "HTTPS://A.EXAMPLE/"],
    ["www.a.example is", "http://www.a.example"],
    ["https://a.example/é.", "https://a.example/é"],
    ["请看https://a.example/。谢谢", "https://a.example/"],
    ["bob@a.example.", "mailto:bob@a.example"],
    ["Bob <bob+x@a-b.example>, ann@c.example", "mailto:bob+x@a-b.example", "mailto:ann@c.example"],
    ["mailto:bob@a.example", "mailto:bob@a.example"],
    ["https://a.example/?to=bob@a.example", "https://a.example/?to=bob@a.example"],
    ["{{unsubscribe}}", "{{unsubscribe}}"],
    ["http://%7b%7Bunsubscribe%7D%7d", "http://%7b%7Bunsubscribe%7D%7d"],
    ["no @ here, a@b, ftp://a.example, http://, x@-.y"],
  ] as const
) {
  Deno.test(`${text}: leads to ${links.join(", ") || "nothing"}`, () => {
    const pieces = findLinks(text);
    assert.equal(pieces.map((piece) => piece.text).join(""), text);
    assert.deepEqual(pieces.flatMap(({ href }) => href ?? []), links);
  });
}

Deno.test("whatever the text: nothing of it is markup, and all of it is there", () => {
  const piece = fc.constantFrom(
    "<script>",
    "&",
    '"',
    "http://a/",
    "a@b.cd",
    "> ",
    "\r\n",
    " ",
    "\t",
    "é",
    "'",
    "{{unsubscribe}}",
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string({ unit: "grapheme" })), { maxLength: 30 }),
      (pieces) => {
        const html = bodyOf(pieces.join(""));
        const bare = html.replace(/<\/?(?:p|br|blockquote)>|<a href="[^"<>]*">|<\/a>/g, "");
        assert(!/[<>"]/.test(bare), bare);
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("large text of any shape takes reasonable time", () => {
  for (
    const piece of ["a", "a@", "a.b@c.", "http://", "(", ")", ">", "> ", " ", "\t", "{{", "\n"]
  ) {
    for (const flowed of [true, false]) {
      const text = `http://a/${piece.repeat(Math.ceil(1_000_000 / piece.length))}`;
      assert(textToHtml(text, { flowed, delSp: false }).length < 15 * text.length, piece);
    }
  }
});
