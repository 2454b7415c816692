import assert from "node:assert/strict";
import * as fc from "fast-check";
import { formatMailbox, mailboxKey, parseMailbox } from "./address.ts";

Deno.test("mailboxes of RFC 5321 are read, their domains in ASCII", () => {
  for (
    const [text, expected] of [
      ["a@b.example", "a@b.example"],
      ["A.B+c@D.Example", "A.B+c@D.Example"],
      ['"a@b \\"c"@d.example', '"a@b \\"c"@d.example'],
      ["a@[192.0.2.1]", "a@[192.0.2.1]"],
      ["a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]"],
      ["a@localhost", "a@localhost"],
      ["用户@例子.example", "用户@xn--fsqu00a.example"],
      [`${"x".repeat(64)}@b.example`, `${"x".repeat(64)}@b.example`],
    ] as const
  ) {
    const mailbox = parseMailbox(text);
    assert.ok(mailbox !== null, text);
    assert.equal(formatMailbox(mailbox), expected);
  }
});

Deno.test("what is no mailbox is not read", () => {
  for (
    const text of [
      "",
      "a",
      "@",
      "a@",
      "@b.example",
      ".a@b.example",
      "a.@b.example",
      "a..b@c.example",
      "a b@c.example",
      "a@b@c.example",
      "a<b@c.example",
      "a\r\n@b.example",
      "a\0@b.example",
      '"a"b@c.example',
      '"a@b.example',
      "a@b c.example",
      "a@b..example",
      "a@.example",
      "a@b.example.",
      "a@-b.example",
      "a@b_c.example",
      "a@[",
      "a@[x]y",
      `${"x".repeat(65)}@b.example`,
      `${"ü".repeat(33)}@b.example`,
      `a@${"x".repeat(64)}.example`,
      `a@${"x.".repeat(127)}example`,
    ]
  ) assert.equal(parseMailbox(text), null, text);
});

Deno.test("two spellings of a domain are one mailbox, two of a local part are two", () => {
  const key = (text: string) => mailboxKey(parseMailbox(text)!);
  assert.equal(key("a@B.example"), key("a@b.EXAMPLE"));
  assert.equal(key("a@bücher.example"), key("a@xn--bcher-kva.example"));
  assert.notEqual(key("A@b.example"), key("a@b.example"));
});

Deno.test("whatever is read has no character that could break a command", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
    const mailbox = parseMailbox(`${a}@${b}`);
    // deno-lint-ignore no-control-regex -- these are the ones meant
    if (mailbox !== null) assert.doesNotMatch(formatMailbox(mailbox), /[\x00-\x1f\x7f<>]/);
  }));
});
