import assert from "node:assert/strict";
import fc from "fast-check";
import { htmlToText } from "./to_text.ts";

const WORDS = "word ".repeat(40).trim();

for (
  const [name, html, ...lines] of [
    ["nothing", ""],
    ["plain words", "a  b\n\tc", "a b c"],
    ["entities", "&lt;&eacute;&amp;&#8364;&hellip;&nosuch;", "<é&€…&nosuch;"],
    ["paragraphs", "<p>a</p><p>b<p>c", "a", "", "b", "", "c"],
    ["headings", "<h1>A</h1>text<h2>B</h2>", "A", "", "text", "", "B"],
    ["line breaks", "a<br>b<br/><br>c", "a", "b", "", "c"],
    ["divisions", "<div>a</div><div><div>b</div></div>c", "a", "b", "c"],
    ["no-break spaces", "a&nbsp;&nbsp; b", "a b"],
    ["a list", "<ul><li>a<li> b <b>c</b></ul>", "- a", "- b c"],
    [
      "a numbered list",
      "x<ol start=9><li>a</li><li>b</li></ol>y",
      "x",
      "",
      "9. a",
      "10. b",
      "",
      "y",
    ],
    ["lists in lists", "<ul><li>a<ul><li>b</ul><li>c</ul>", "- a", "  - b", "- c"],
    ["an item without list", "<li>a", "- a"],
    ["an item of lines", "<ul><li>a<br>b</ul>", "- a", "  b"],
    [
      "a table",
      "<table><tr><th>Item<th>Price</tr>\n<tr><td>Shoe</td>\n<td>9 &euro;</td></tr></table>",
      "Item | Price",
      "Shoe | 9 €",
    ],
    [
      "a table for layout",
      "<table><tr><td><img src=x></td><td><table><tr><td>a</td></tr></table></td><td>&nbsp;</td></tr></table>b",
      "a",
      "",
      "b",
    ],
    [
      "a link",
      '<a href="https://a.example/?b=1&amp;c=2">go</a>',
      "go (https://a.example/?b=1&c=2)",
    ],
    ["a link that says where", '<a href="https://a.example/">a.example</a>', "a.example"],
    [
      "a link of an image",
      '<a href="http://a.example/"><img alt="Our logo"></a>',
      "Our logo (http://a.example/)",
    ],
    [
      "a link of an image without words",
      '<a href="http://a.example/"><img></a>',
      "http://a.example/",
    ],
    ["a link of nothing", 'x<a href="http://a.example/"></a>', "x"],
    [
      "a link around lines",
      '<a href="http://a.example/"><p>a</p></a>b',
      "a",
      "",
      "(http://a.example/)b",
    ],
    [
      "links to mail, anchors, scripts",
      '<a href="mailto:a@b.example?subject=x">write</a> <a href="#top">up</a> <a href="javascript:x()">do</a> <a href="MAILTO:a@b.example">a@b.example</a>',
      "write (a@b.example) up do a@b.example",
    ],
    [
      "a link across lines in the source",
      '<a href="https://a.example/\n  b">x</a>',
      "x (https://a.example/%20%20b)",
    ],
    ["the placeholder", '<a href="{{unsubscribe}}">Stop</a>', "Stop ({{unsubscribe}})"],
    ["an image", 'a <img src=x alt="chart"> b', "a chart b"],
    [
      "quotes",
      "a<blockquote>b<blockquote><p>c</blockquote>d</blockquote>e",
      "a",
      "",
      "> b",
      ">",
      "> > c",
      ">",
      "> d",
      "",
      "e",
    ],
    ["text as it is", "<pre>a  b\n\n c</pre>d", "a  b", "", " c", "", "d"],
    ["a rule", "a<hr>b", "a", "", "-".repeat(30), "", "b"],
    [
      "what is not shown",
      "<title>t</title><style>s</style><script>'</p>'</script><!-- c --><template>x</template>a<select><option>o</select>",
      "a",
    ],
    [
      "what is hidden",
      '<div style="color:red;Display : none">x<p>y</div><span hidden>z</span><p style="max-height:0px">p</p><p style="max-height:0.5em;opacity:0.9">a</p>',
      "a",
    ],
    ["fillers of the preview", "a&zwnj;&nbsp;&#847;&zwnj;&nbsp;\u200b b\u00adc \ufeff", "a bc"],
    ["joiners that join", "👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"],
    [
      "conditional comments",
      "<!--[if mso]><p>x</p><![endif]--><!--[if !mso]><!-->a<!--<![endif]--><![if !vml]>b<![endif]>",
      "ab",
    ],
    ["tags left open", "<p>a <b>b <a href='https://a.example'>c", "a b c (https://a.example)"],
    ["end tags of nothing", "</a></li></ul></tr></blockquote></pre>a", "a"],
    [
      "long lines",
      WORDS,
      "word ".repeat(15).trim(),
      "word ".repeat(15).trim(),
      "word ".repeat(10).trim(),
    ],
    ["long words", `a ${"x".repeat(100)} b`, "a", "x".repeat(100), "b"],
    [
      "long lines in a quote in a list",
      `<ul><li><blockquote>${WORDS}</blockquote></ul>`,
      `- > ${"word ".repeat(15).trim()}`,
      `  > ${"word ".repeat(15).trim()}`,
      `  > ${"word ".repeat(10).trim()}`,
    ],
  ] as const
) {
  Deno.test(`${name} in text`, () => {
    assert.equal(htmlToText(html), lines.map((line) => `${line}\r\n`).join(""));
  });
}

Deno.test("whatever the html: lines of 78 characters but for long words, no markup, no throw", () => {
  const tags = ["p", "div", "ul", "li", "table", "tr", "td", "blockquote", "pre", "a", "br", "img"];
  const piece = fc.oneof(
    fc.constantFrom(...tags.flatMap((tag) => [`<${tag}>`, `</${tag}>`])),
    fc.constantFrom('<a href="https://a.example/">', "some words", " ", "\n", "<", "&amp;", "x"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60, size: "max" }), (pieces) => {
      const text = htmlToText(pieces.join(""));
      assert(text === "" || text.endsWith("\r\n"));
      const inPre = pieces.includes("<pre>");
      for (const line of text.split("\r\n")) {
        assert(line === line.trimEnd());
        assert(inPre || line.length <= 78 || /\S{40}/.test(line), line);
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("large and deep html takes reasonable time and room", () => {
  for (
    const piece of [
      "<div>",
      "<blockquote>a",
      "<ul><li>a",
      "<table><tr><td>a",
      "<a href='http://a.example/'>a",
      "&nbsp;",
      "a ",
      "<p hidden>",
      "<",
    ]
  ) {
    const html = piece.repeat(Math.ceil(500_000 / piece.length));
    assert(htmlToText(html).length < 20 * html.length, piece);
  }
});
