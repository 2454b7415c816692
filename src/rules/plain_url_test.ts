import assert from "node:assert/strict";
import fc from "fast-check";
import { isPlainUrl } from "./plain_url.ts";

Deno.test("what is plain is a URL to a parser, and means what it says", () => {
  const piece = fc.constantFrom(
    ..."http https :// a b.c . - -- 1 0x : :80 / ? # % %2 @ [ ] \\ xn-- XN-- _ ~ = & é".split(" "),
    " ",
    "\t",
  );
  let plain = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = `https://a${pieces.join("")}`;
      if (!isPlainUrl(text)) return;
      plain++;
      const url = new URL(text);
      assert.equal(url.protocol, "https:");
      assert.equal(url.hostname, /^https:\/\/([^/?#:]*)/.exec(text)![1]!.toLowerCase());
    }),
    { numRuns: 5000 },
  );
  assert(plain > 100);
});

for (
  const text of [
    "https://1.2.3.4/",
    "https://a.0x1/",
    "https://user@a.example/",
    "https://a.example/é",
    "https://a.example/a b",
    "https://xn--a/",
    "https://a.example:99999/",
    "https:///a.example",
    "ftp://a.example/",
    "//a.example/",
  ]
) {
  Deno.test(`${text} is left to a parser`, () => assert.equal(isPlainUrl(text), false));
}
