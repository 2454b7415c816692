import assert from "node:assert/strict";
import fc from "fast-check";
import { Parser } from "htmlparser2";
import { CORPUS } from "../template/corpus_fixture.ts";
import { readElements } from "./elements.ts";

/** Names of attributes that are asked for. */
const ASKED = ["href", "alt", "style", "hidden", "start"];

type Told = string | [name: string, ...values: (string | undefined)[]];

/** What is told, texts that follow one another put together. */
function recorder() {
  const told: Told[] = [];
  let after = false;
  return {
    told,
    open(name: string, attribute: (name: string) => string | undefined) {
      told.push([name, ...ASKED.map(attribute)]);
      after = false;
    },
    text(text: string) {
      if (after) told[told.length - 1] += text;
      else told.push(`text ${text}`);
      after = true;
    },
    close(name: string) {
      told.push(`/${name}`);
      after = false;
    },
  };
}

function ours(html: string): Told[] {
  const record = recorder();
  readElements(html, record);
  return record.told;
}

/** By an established parser. */
function theirs(html: string): Told[] {
  const record = recorder();
  new Parser({
    onopentag: (name, attributes) => record.open(name, (wanted) => attributes[wanted]),
    ontext: record.text,
    onclosetag: record.close,
  }).end(html);
  return record.told;
}

for (
  const html of [
    ...CORPUS.map(({ text }) => text),
    "<p>a<div>b</p>c<p>d<table><tr><td>e<td>f<tr><th>g</table>h",
    "<ul><li>a<ul><li>b</ul><li>c</ul><dl><dt>d<dd>e<dt>f</dl>",
    "<form><form>a</form>b</form><select><option>a<option>b<input>c",
    "<h1>a<h2>b</h2><a href=1>c<a href=2>d</a></br></p>",
    "<svg><path/><g>a</svg>b<svg/>c<math/>d<div/>e",
    "<textarea>&lt;<b>&amp;</textarea><xmp>&lt;<b></xmp><title>a",
    "<IMAGE ALT='&quot;x&copy=y&copy;z&notit;&hellip;'><plaintext>&amp;<b>",
    "&copy2 &notit; AT&T &amp &#x80; &#0; &nosuch; &CounterClockwiseContourIntegral; &#8364 &",
    "a < b <3 </ <> <!x> <!-- <b> --> <?php <i> ?> <",
  ]
) {
  Deno.test(`an established parser finds the same elements in ${html.slice(0, 60)}`, () => {
    assert.deepEqual(ours(html), theirs(html));
  });
}

Deno.test("an established parser finds the same elements, whatever the HTML", () => {
  const names =
    "p div a li ul ol table tr td th thead tbody h1 h2 pre br hr img blockquote form select option "
      .concat("dl dt dd style textarea title script span xmp").split(" ");
  const piece = fc.oneof(
    fc.constantFrom(
      ...names.flatMap((name) => [`<${name}>`, `</${name}>`, `<${name.toUpperCase()} `]),
    ),
    fc.constantFrom("href=", "alt='", 'style="', '"', "'", ">", "=", "/", " ", "hidden", "\n"),
    fc.constantFrom(
      "a",
      "&",
      "&amp;",
      "&eacute",
      "&nbsp;",
      "&hellip;",
      "&rarrw;",
      "&#39;",
      ";",
      "&T",
    ),
    fc.constantFrom("<", "<!-- ", "-->", "<!x", "--"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40, size: "max" }), (pieces) => {
      // By the standard an end tag has attributes, a tag that the document cuts off is none, and a
      // reference may follow "<" anywhere: not so there.
      const html = pieces.join("").replace(/[<\/]+(?=&)/g, "")
        .replace(/<\/([a-z0-9]+)[^>]*/g, "</$1");
      const whole = `${html}x'>x">-->`;
      assert.deepEqual(ours(whole), theirs(whole));
    }),
    { numRuns: 3000 },
  );
});
