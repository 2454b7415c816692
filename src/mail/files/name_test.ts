import assert from "node:assert/strict";
import fc from "fast-check";
import { toText } from "../bytes.ts";
import { cleanFileName, distinctNames, fileNameOf } from "./name.ts";

const utf8 = (text: string) => toText(new TextEncoder().encode(text));

Deno.test("a file's name is read in every form that mail programs write", () => {
  const rows: [disposition: string, type: string, name: string][] = [
    ["attachment; filename=a.pdf", "", "a.pdf"],
    ['attachment; filename="a b.pdf"', 'application/pdf; name="other.pdf"', "a b.pdf"],
    ["attachment", 'application/pdf; name="named.pdf"', "named.pdf"],
    ["attachment; filename*=UTF-8''%C3%A9t%C3%A9.txt", "", "été.txt"],
    ["attachment; filename=x.txt; filename*=utf-8'fr'%C3%A9.txt", "", "é.txt"],
    ["attachment; filename*=iso-8859-1''%E9t%E9.txt", "", "été.txt"],
    ["attachment; filename*1*=%A9.txt; filename*0*=UTF-8''%C3", "", "é.txt"],
    ['attachment; filename*0="a long "; filename*1="name.txt"', "", "a long name.txt"],
    ["attachment; filename*0*=UTF-8''%C3%A9; filename*1=\"%20b.txt\"", "", "é%20b.txt"],
    ['attachment; filename="=?utf-8?q?=C3=A9t=C3=A9?= =?utf-8?q?_1.txt?="', "", "été 1.txt"],
    [`attachment; filename="${utf8("été.txt")}"`, "", "été.txt"],
    ["attachment; filename*=x-unknown''%41.txt", "", "A.txt"],
    ["attachment; filename*=plain.txt", "", "plain.txt"],
    ["attachment", "application/octet-stream", "document"],
    [`attachment; filename="${"x".repeat(5000)}"`, "", "document"],
  ];
  for (const [disposition, type, name] of rows) {
    assert.equal(fileNameOf(disposition, type), name, disposition);
  }
});

Deno.test("nothing in a name leads anywhere, ends a header or deceives a reader", () => {
  const rows: [given: string, clean: string][] = [
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\ann\\Invoice.pdf", "Invoice.pdf"],
    ["a\r\nSet-Cookie: x=1", "a Set-Cookie_ x=1"],
    ['quote".pdf', "quote_.pdf"],
    ["invoice\u202efdp.exe", "invoicefdp.exe"],
    ["\u2066a\u200b\ufeffb\u0000.txt", "ab .txt"],
    [".htaccess", "htaccess"],
    [" .. ", "document"],
    ["trailing. . ", "trailing"],
    ["", "document"],
    ["a<b>|c?d*e:f", "a_b__c_d_e_f"],
    ["lone\ud800.txt", "lone.txt"],
    ["e\u0301.txt", "é.txt"],
    [`${"é".repeat(200)}.pdf`, `${"é".repeat(96)}.pdf`],
    [`a.${"x".repeat(200)}`, `a.${"x".repeat(98)}`],
  ];
  for (const [given, clean] of rows) assert.equal(cleanFileName(given), clean, given);
});

Deno.test("of two files with one name, both can be told", () => {
  assert.deepEqual(
    distinctNames(["a.pdf", "A.pdf", "a.pdf", "a (2).pdf", "b", "b", "x.tar.gz", "x.tar.gz"]),
    ["a.pdf", "A (2).pdf", "a (3).pdf", "a (2) (2).pdf", "b", "b (2)", "x.tar.gz", "x.tar (2).gz"],
  );
});

Deno.test("whatever the name, what is made of it is clean, and stays as it is", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("..", "/", "\\", "\r\n", '"', "\u202e", "\u2028", " ", ".", "😀", "é"),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
    const name = cleanFileName(pieces.join(""));
    assert.match(name, /^[^ .][^/\\"*:<>?|\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);
    assert.ok(name.isWellFormed() && [...name].length <= 100 && !/[ .]$/.test(name), name);
    assert.equal(cleanFileName(name), name);
  }));
});
