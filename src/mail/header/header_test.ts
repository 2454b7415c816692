import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAddresses } from "./address.ts";
import { fieldsOf, readHeader, valueOf } from "./fields.ts";
import { parseParametrised } from "./parameters.ts";
import { decodeWords } from "./words.ts";

Deno.test("a header block is read byte for byte", () => {
  const text = "From: a@b.example\r\nSubject: one\r\n two\r\n\tthree\r\nX-Odd : v\r\n\r\nbody";
  const header = readHeader(text);
  assert.deepEqual(header.fields.map((f) => f.name), ["from", "subject", "x-odd"]);
  assert.equal(valueOf(text, fieldsOf(header, "subject")[0]!), "one two\tthree");
  assert.equal(text.slice(header.bodyStart), "body");
  assert.equal(text.slice(header.start, header.end).length + 2 + 4, text.length);
});

Deno.test("headers without an empty line, without fields, with stray lines", () => {
  assert.equal(readHeader("A: b").fields.length, 1);
  assert.equal(readHeader("").fields.length, 0);
  const empty = readHeader("\r\nbody");
  assert.deepEqual([empty.fields.length, empty.bodyStart], [0, 2]);
  assert.deepEqual(readHeader("A: b\r\nstray line\r\nC: d\r\n\r\n").fields.map((f) => f.name), [
    "a",
    "",
    "c",
  ]);
});

Deno.test("fields cover the block without gaps, whatever it holds", () => {
  const piece = fc.constantFrom("A:", "b", " ", "\t", "\r\n", ":", "\xe9", "\0", "\r\n\r\n");
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    const text = pieces.join("");
    const { fields, end, bodyStart } = readHeader(text);
    let at = 0;
    for (const field of fields) {
      assert.equal(field.start, at);
      assert.ok(field.end > at);
      at = field.end;
    }
    assert.equal(at, end);
    assert.ok(bodyStart === end || text.slice(end, bodyStart) === "\r\n");
  }));
});

for (
  const [value, addresses, clean] of [
    ["a@b.example", ["a@b.example"], true],
    ["Ann <a@b.example>, b@c.example", ["a@b.example", "b@c.example"], true],
    ['"Doe, John" <j@d.example>', ["j@d.example"], true],
    ['"john doe"@d.example', ['"john doe"@d.example'], true],
    ['"john.doe"@d.example', ["john.doe@d.example"], true],
    ['"a\\"b"@d.example', ['"a\\"b"@d.example'], true],
    ["j (a (nested, one) b) @d.example (end)", ["j@d.example"], true],
    ["Team: a@b.example, B <b@b.example>; c@b.example", [
      "a@b.example",
      "b@b.example",
      "c@b.example",
    ], true],
    ["undisclosed-recipients:;", [], true],
    ["<@relay.example,@two.example:a@b.example>", ["a@b.example"], true],
    ["a@[192.0.2.1]", ["a@[192.0.2.1]"], true],
    ["=?utf-8?q?J=C3=A9r=C3=B4me?= <j@d.example>", ["j@d.example"], true],
    ["J. R. Smith <j@d.example>", ["j@d.example"], true],
    ["a@b.example <c@d.example>", ["c@d.example"], true],
    ["\xc3\xa9@b.example", ["é@b.example"], true],
    ["", [], true],
    [", ,", [], true],
    ["nobody", [], false],
    ["<>", [], false],
    ["<a@b.example", [], false],
    ["<a@b.example> <c@d.example>", ["a@b.example"], false],
    ["<a@b.example> c@d.example", ["a@b.example"], false],
    ['"open <a@b.example>', [], false],
    ["a@b@c.example", [], false],
  ] as const
) {
  Deno.test(`addresses of ${value}`, () => {
    const grouped = /^(Team|undisclosed-recipients):/.test(value);
    const { names, ...list } = parseAddresses(value);
    assert.deepEqual(list, { addresses: [...addresses], clean, grouped });
    assert.equal(names.length, addresses.length);
  });
}

for (
  const [value, names] of [
    ["a@b.example", [""]],
    ["<a@b.example>", [""]],
    ["Ann <a@b.example>, b@c.example, (no) Bob (x) R. <b@b.example>", ["Ann", "", "Bob R."]],
    ['"Doe, \\"J\\" <x@y>" <j@d.example>', ['Doe, "J" <x@y>']],
    ["=?utf-8?q?J=C3=A9r=C3=B4me_P.?= =?utf-8?b?w4k=?= <j@d.example>", ["Jérôme P.É"]],
    ['"=?utf-8?q?=C3=89t=C3=A9?=" <j@d.example>', ["Été"]],
    ["\xc3\x89t\xc3\xa9 <j@d.example>", ["Été"]],
    ["=?utf-8?q?a=0D=0Ab?= <j@d.example>", ["a b"]],
    ["Team: A <a@b.example>, b@b.example; C <c@b.example>", ["A", "", "C"]],
  ] as const
) {
  Deno.test(`names in ${value}`, () => assert.deepEqual(parseAddresses(value).names, [...names]));
}

Deno.test("an address list of any shape takes time in proportion to its length", () => {
  for (const piece of ["<a>,", '"\\"', "(", "<", "[", '"', "a:", ";", "\\", "a@b,"]) {
    parseAddresses(piece.repeat(60_000));
  }
});

for (
  const [value, text] of [
    ["plain", "plain"],
    ["=?utf-8?Q?Caf=C3=A9_au_lait?=", "Café au lait"],
    ["=?UTF-8?B?w4l0w6k=?= suite", "Été suite"],
    ["=?utf-8?q?a?= =?utf-8?q?b?=", "ab"],
    ["=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"],
    ["=?iso-8859-1?q?=E9?= x =?utf-8?q?=C3=A9?=", "é x é"],
    ["=?iso-8859-1*fr?q?=E9?=", "é"],
    ["=?no-such?q?a?=", "=?no-such?q?a?="],
    ["=?utf-8?q?broken", "=?utf-8?q?broken"],
    ["\xc3\xa9t\xc3\xa9", "été"],
    ["\xe9t\xe9", "été"],
    ["=?utf-8?q?a=0D=0Ab?=", "a b"],
  ] as const
) {
  Deno.test(`encoded words of ${value}`, () => assert.equal(decodeWords(value), text));
}

Deno.test("values with parameters", () => {
  const read = (text: string) => {
    const { value, parameters } = parseParametrised(text);
    return [value, Object.fromEntries(parameters)];
  };
  assert.deepEqual(read('Text/HTML; Charset="utf-8" ; x=y'), [
    "text/html",
    { charset: "utf-8", x: "y" },
  ]);
  assert.deepEqual(read('multipart/mixed; boundary="a;b\\"c"'), [
    "multipart/mixed",
    { boundary: 'a;b"c' },
  ]);
  assert.deepEqual(read("text/html (a comment); charset=utf-8"), [
    "text/html",
    { charset: "utf-8" },
  ]);
  assert.deepEqual(read("attachment; filename*=utf-8''a.txt"), ["attachment", {
    filename: "utf-8''a.txt",
  }]);
  assert.deepEqual(read("text/plain; charset=a; charset=b"), ["text/plain", { charset: "a" }]);
  assert.deepEqual(read("x".repeat(5000)), ["", {}]);
});
