import assert from "node:assert/strict";
import fc from "fast-check";
import { Parser } from "htmlparser2";
import { decodeReferences, escapeAttribute } from "./entities.ts";
import { scanHtml } from "./scan.ts";
import { targetOf } from "./target.ts";

/** The values of the hrefs found. */
const hrefs = (html: string) =>
  scanHtml(html).hrefs.map((href) => html.slice(href.valueStart, href.valueEnd));

for (
  const [html, found] of [
    ['<a href="u">', ["u"]],
    ["<a href='u'>", ["u"]],
    ["<a href=u>", ["u"]],
    ["<a href=u/>", ["u/"]],
    ["<A HREF = \r\n 'u' >", ["u"]],
    ['<a class="x"href="u"target=_blank>', ["u"]],
    ["<a/href=u>", ["u"]],
    ["<area shape=rect href=u>", ["u"]],
    ['<a title="a > b" href="u">', ["u"]],
    ['<a href="u" href="v">', ["u"]],
    ['<a href href="u">', []],
    ["<a href>", []],
    ["<a href=>", []],
    ['<a data-href="u" xhref="v">', []],
    ['<a href="u', []],
    ['<a href="u"', []],
    ['<link href="u"><base href="v"><abbr href="w">', []],
    ['<!-- <a href="u"> -->', []],
    ['<!--[if mso]><v:rect href="u"/><a href="v"><![endif]--><a href="w">', ["w"]],
    ['<!--[if !mso]><!--><a href="u"><!--<![endif]-->', ["u"]],
    ['<![if !mso]><a href="u"><![endif]>', ["u"]],
    ['<!--><a href="u">', ["u"]],
    ['<!---><a href="u">', ["u"]],
    ['<!-- --!><a href="u">', ["u"]],
    ['<!-- -- > <a href="u">', []],
    ['<?xml a="<a href=u>"><a href="v">', ["v"]],
    ['<style>a{content:"<a href=u>"}</style><a href="v">', ["v"]],
    ['<script>"<a href=u>"</script ><a href="v">', ["v"]],
    ['<title><a href="u"></TITLE><a href="v">', ["v"]],
    ['<textarea></text><a href="u">', []],
    ['<plaintext><a href="u">', []],
    ['a < b <a href="u"> <3 </ <>', ["u"]],
    ['<!DOCTYPE html PUBLIC "-//W3C//DTD" "x"><a href="u">', ["u"]],
    ['</a href="u">', []],
  ] as const
) {
  Deno.test(`hrefs of ${html}`, () => assert.deepEqual(hrefs(html), [...found]));
}

Deno.test("the last </body> outside comments is found", () => {
  assert.equal(scanHtml("<body></body></BODY ><!--</body>-->").bodyEnd, 13);
  assert.equal(scanHtml("<body>").bodyEnd, -1);
});

Deno.test("offsets span the attribute, quotes and all", () => {
  const html = '<a class=x  href = "u" >';
  const href = scanHtml(html).hrefs[0]!;
  assert.equal(html.slice(href.start, href.end), 'href = "u"');
});

Deno.test("an established parser finds the same links", () => {
  const piece = fc.constantFrom(
    "<a ",
    "<area ",
    "<p ",
    "</a>",
    "href=",
    "href",
    '"',
    "'",
    ">",
    "/",
    " ",
    "\r\n",
    "u",
    "<!--",
    "-->",
    "--",
    "<!x",
    "<style>",
    "</style>",
    "<title>",
    "</title>",
    "<",
    "=",
    "x=y",
    "-",
    '<a href="u">',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30, size: "max" }), (pieces) => {
      const html = pieces.join("");
      const expected: string[] = [];
      const parser = new Parser({
        onopentag(name, attributes) {
          if ((name === "a" || name === "area") && attributes["href"]) {
            expected.push(attributes["href"]);
          }
        },
      }, { decodeEntities: false });
      parser.end(html);
      assert.deepEqual(hrefs(html).filter((value) => value !== ""), expected);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("scanning takes time in proportion to the length", () => {
  for (
    const piece of [
      "<a ",
      "<a href=",
      "<!--",
      "<style>",
      '"',
      "<",
      "</",
      "<a '",
      "--",
      "<!x",
      "<title>",
    ]
  ) {
    scanHtml(piece.repeat(200_000));
    scanHtml(`<!--${piece.repeat(200_000)}`);
  }
});

for (
  const [value, text] of [
    ["a&amp;b&#38;c&#x26;d", "a&b&c&d"],
    ["a?b=1&c=2", "a?b=1&c=2"],
    ["a?b=1&copy=2", "a?b=1&copy=2"],
    ["a?b=1&copyright=2", "a?b=1&copyright=2"],
    ["a?b=1&copy;", "a?b=1©"],
    ["a?b=1&copy", "a?b=1©"],
    ["a?b=1&eacute;", "a?b=1é"],
    ["&apos;", "'"],
    ["&apos", "&apos"],
    ["&", "&"],
    ["&;", "&;"],
    ["&nosuch;", null],
    ["&#0;", null],
    ["&#x80;", null],
    ["&#xD800;", null],
    ["&#99999999999;", null],
  ] as const
) {
  Deno.test(`references of ${value}`, () => assert.equal(decodeReferences(value), text));
}

for (
  const [value, target] of [
    ["https://a.example/x?y=1&amp;z=2#w", "https://a.example/x?y=1&z=2#w"],
    ["  HTTP://A.example\r\n", "HTTP://A.example"],
    ["https://a.example/very/\r\n\tlong", "https://a.example/very/long"],
    ["https&#58;//a.example/", "https://a.example/"],
    ["https://u:p@a.example:8080/", "https://u:p@a.example:8080/"],
    ["https://192.0.2.1/", "https://192.0.2.1/"],
    ["https://[2001:db8::1]/", "https://[2001:db8::1]/"],
    ["https://a.example/a b", "https://a.example/a%20b"],
    ["https://a.example/\xc3\xa9", "https://a.example/%C3%A9"],
    ["https://\xc3\xa9.example/", "https://xn--9ca.example/"],
    ["mailto:a@b.example", null],
    ["tel:+33100000000", null],
    ["#top", null],
    ["cid:logo@x", null],
    ["/relative", null],
    ["//a.example/x", null],
    ["ftp://a.example/", null],
    ["javascript:alert(1)", null],
    ["https:a.example", null],
    ["https:///a.example", null],
    ["https://", null],
    ["http", null],
    ["", null],
    ["https://256.256.256.256/", null],
    ["https://a.example:99999/", null],
    ["https://xn--a/", null],
    ["https://XN--a/", null],
    ["{{unsubscribe}}", null],
    ["https://a.example/?id={{id}}", null],
    ["https://a.example/%%id%%", null],
    ["https://a.example/*|ID|*", null],
    ["https://a.example/${id}", null],
    ["https://a.example/<%= id %>", null],
    ["https://a.example/&unknown;", null],
    [`https://a.example/${"x".repeat(2000)}`, null],
  ] as const
) {
  Deno.test(`target of ${value.slice(0, 50)}`, () => assert.equal(targetOf(value, true), target));
}

Deno.test("bytes of an older character set are not guessed at", () => {
  assert.equal(targetOf("https://a.example/\xe9", false), null);
  assert.equal(targetOf("https://a.example/e", false), "https://a.example/e");
});

Deno.test("every target is an absolute http or https URL in ASCII", () => {
  const piece = fc.constantFrom(
    "http",
    "https",
    "://",
    "a",
    ".",
    "1",
    ":",
    "/",
    "&#47;",
    "\xc3\xa9",
    "%",
    "@",
    "-",
    "xn--",
    " ",
    "?",
    "[",
    "]",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12, size: "max" }), (pieces) => {
      const target = targetOf(`https://${pieces.join("")}`, true);
      if (target === null) return;
      assert.ok(/^[!-~]+$/.test(target), target);
      assert.ok(/^https?:$/.test(new URL(target).protocol));
    }),
    { numRuns: 3000 },
  );
});

Deno.test("an escaped attribute reads as what it was", () => {
  assert.equal(escapeAttribute("https://a.example/x"), "https://a.example/x");
  fc.assert(fc.property(fc.string(), (text) => {
    const escaped = escapeAttribute(text);
    assert.ok(!/[<>"'`\s]/.test(escaped));
    assert.equal(decodeReferences(escaped), text);
  }));
});
