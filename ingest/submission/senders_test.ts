/** In whose name a client may write: whatever a reader could take for the sender is the account's own. */
import assert from "node:assert/strict";
import { accepted, rejected, start } from "./test_support.ts";

const REST = "\r\nTo: someone@example.net\r\nSubject: Hello\r\n\r\nBody";
const MINE = "From: News <news@example.com>";
const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

for (
  const [what, header, answer] of [
    ["another's address", "From: a@victim.example", "550 5.7.1 a@victim.example"],
    ["several, one another's", `${MINE}, a@victim.example`, "550 5.7.1 a@victim.example"],
    ["several, all its own", `${MINE}, b@example.com`, "250"],
    ["two fields", `${MINE}\r\nFrom: a@victim.example`, "550 5.6.0"],
    ["two fields, both its own", `${MINE}\r\nfrom: b@example.com`, "550 5.6.0"],
    ["a group", "From: Team: news@example.com;", "550 5.6.0"],
    ["a group of another's", "From: Team: a@victim.example;", "550 5.6.0"],
    ["an empty group before an address", "From: x:;, news@example.com", "550 5.6.0"],
    ["a quoted local part with an address", 'From: "a@victim.example"@example.com', "550 5.7.1"],
    ["a quoted local part with @", 'From: "a@b"@example.com', "550 5.7.1"],
    ["a quoted local part without domain", 'From: "victim@x"', "550 5.6.0"],
    ["a harmless quoted local part", 'From: "john doe"@example.com', "250"],
    ["an address as unquoted name", "From: a@victim.example <news@example.com>", "550 5.7.1"],
    ["its own address as name", "From: news@example.com <news@example.com>", "250"],
    ["an address as quoted name", 'From: "a@victim.example" <news@example.com>', "550 5.7.1"],
    [
      "an address in a comment",
      "From: news@example.com (a@victim.example)",
      "550 5.7.1 a@victim.example",
    ],
    ["comments within its address", "From: news (x) @ (y (z)) example.com", "250"],
    [
      "an encoded address as name",
      `From: =?utf-8?b?${base64("a@victim.example")}?= <news@example.com>`,
      "550 5.7.1 a@victim.example",
    ],
    [
      "an encoded address in two words",
      "From: =?utf-8?q?a=40vic?= =?utf-8?q?tim=2Eexample?= <news@example.com>",
      "550 5.7.1 a@victim.example",
    ],
    ["an encoded address alone", "From: =?utf-8?q?a=40victim.example?=", "550 5.6.0"],
    ["an encoded address in brackets", "From: <=?utf-8?q?news=40example.com?=>", "550 5.6.0"],
    [
      "an encoded word as local part",
      "From: =?utf-8?q?a=40victim=2Eexample=2C?=@example.com",
      "550 5.7.1 a@victim.example",
    ],
    [
      "an encoded second address",
      `From: =?utf-8?b?${base64("<a@victim.example>,")}?= <news@example.com>`,
      "550 5.7.1 a@victim.example",
    ],
    ["a route to another's", "From: <@example.com,@b:a@victim.example>", "550 5.7.1"],
    ["a route to its own", "From: <@victim.example:news@example.com>", "250"],
    ["two angle addresses", "From: <news@example.com> <a@victim.example>", "550 5.6.0"],
    ["two at signs", "From: a@victim.example@example.com", "550 5.6.0"],
    ["a control character", "From: a@victim.example\x08 <news@example.com>", "550 5.6.0"],
    ["a vertical tab", "From: news@example.com,\x0ba@victim.example", "550 5.6.0"],
    ["another alphabet's letters", "From: news@ex\u0430mple.com", "550 5.7.1"],
    [
      "zero-width characters in a name",
      'From: "a@vic\u200btim.example" <news@example.com>',
      "550 5.7.1",
    ],
    ["a domain below its own", "From: news@sub.example.com", "550 5.7.1"],
    ["a domain that ends as its own", "From: news@notexample.com", "550 5.7.1"],
    ["a domain with a dot behind", "From: news@example.com.", "550 5."],
    ["an address literal", "From: news@[192.0.2.1]", "550 5.7.1"],
    ["an open comment", "From: (news@example.com", "550 5."],
    ["folding", "From:\r\n News\r\n <a@victim.example>", "550 5.7.1"],
    ["spaces before the colon", `From : a@victim.example`, "550 5.7.1"],
    ["Sender another's", `${MINE}\r\nSender: a@victim.example`, "550 5.7.1 a@victim.example"],
    ["Sender its own", `${MINE}\r\nSender: b@example.com`, "250"],
    ["two Senders", `${MINE}\r\nSender: b@example.com\r\nSender: c@example.com`, "550 5.6.0"],
    ["two addresses in Sender", `${MINE}\r\nSender: b@example.com, c@example.com`, "550 5.6.0"],
    ["Resent-From another's", `Resent-From: a@victim.example\r\n${MINE}`, "550 5.7.1"],
    ["Resent-Sender another's", `Resent-Sender: a@victim.example\r\n${MINE}`, "550 5.7.1"],
    [
      "an old letter sent again",
      `Resent-From: news@example.com\r\nFrom: a@victim.example`,
      "550 5.7.1 a@victim.example",
    ],
    ["Reply-To another's, which is free", `${MINE}\r\nReply-To: a@victim.example`, "250"],
    ["Reply-To in a group, which is free", `${MINE}\r\nReply-To: x: a@victim.example;`, "250"],
    ["Reply-To only", "Reply-To: news@example.com", "550 5.6.0"],
    ["two Reply-To", `${MINE}\r\nReply-To: a@b.example\r\nReply-To: c@d.example`, "550 5.6.0"],
    ["two Subjects", `${MINE}\r\nSubject: other`, "550 5.6.0"],
    ["two To", `${MINE}\r\nTo: other@example.net`, "550 5.6.0"],
    ["two Dates", `${MINE}\r\nDate: x\r\nDate: y`, "550 5.6.0"],
    ["two Message-IDs", `${MINE}\r\nMessage-ID: <a@b>\r\nMessage-ID: <c@d>`, "550 5.6.0"],
    ["an empty From", "From:", "550 5.6.0"],
    ["a null From", "From: <>", "550 5.6.0"],
  ] as const
) {
  Deno.test(`a header with ${what} is answered ${answer}`, async () => {
    await using server = await start();
    using wire = await server.logIn();
    await wire.send(`${header}${REST}`, { expect: answer });
    const refused = answer !== "250";
    assert.equal(accepted(server).length, refused ? 0 : 1);
    assert.equal(rejected(server).length, refused ? 1 : 0);
    if (refused) assert.equal(rejected(server)[0]!.data.reply.code, 550);
  });
}

Deno.test("junk bytes in a name, or around an address, change nothing about whose it is", async () => {
  await using server = await start();
  using wire = await server.logIn();
  const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  const refused = { expect: "550 5.7.1 " };
  await wire.send(bytes(`From: \xff\xfe\x80 <news@example.com>${REST}`));
  await wire.send(bytes(`From: \xff <a@victim.example>${REST}`), refused);
  await wire.send(bytes(`From: news@exam\xffple.com${REST}`), refused);
  await wire.send(bytes(`From: "\xc0a@victim.example" <news@example.com>${REST}`), refused);
});

for (
  const [path, answer] of [
    ["a@victim.example", "550 5.7.1 a@victim.example"],
    ["@example.com:a@victim.example", "5"],
    // A source route is read over (RFC 5321 §4.1.1.3): the mailbox counts.
    ["@victim.example:news@example.com", "250"],
    ['"a@victim.example"@example.com', "5"],
    ["a@victim.example@example.com", "5"],
    ['"victim@x"', "5"],
    ["a%victim.example@example.com", "250"],
    ["news@example.com.", "5"],
    ["news@exаmple.com", "55"],
    ["news@sub.example.com", "550 5.7.1"],
    ["NEWS@EXAMPLE.COM", "250"],
    ["", "250"],
  ] as const
) {
  Deno.test(`MAIL FROM:<${path}> is answered ${answer}`, async () => {
    await using server = await start();
    using wire = await server.logIn();
    await wire.ask(`MAIL FROM:<${path}> SMTPUTF8`, answer);
    // Whatever the path, the header has to be the account's own.
    if (answer === "250") {
      await wire.ask("RCPT TO:<someone@example.net>", 250);
      await wire.ask("DATA", 354);
      await wire.write(`From: a@victim.example${REST}\r\n.\r\n`);
      await wire.expect("550 5.7.1 a@victim.example");
      assert.equal(rejected(server).length, 1);
    }
    assert.equal(accepted(server).length, 0);
  });
}
