import assert from "node:assert/strict";
import { readMail } from "./read.ts";

const bytes = (text: string) => new TextEncoder().encode(text.replaceAll("\n", "\r\n"));

Deno.test("a mail is read with its parts", async () => {
  const mail = await readMail(bytes(`From: "Ada" <ada@example.com>
To: b@example.net, Team: c@example.net, d@example.net;
Subject: =?utf-8?q?=C3=89t=C3=A9?=
Content-Type: multipart/mixed; boundary=B

--B
Content-Type: text/html

<p>Hi</p>
--B
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="a.bin"
Content-Transfer-Encoding: base64

AAH/
--B--
`));
  assert.equal(mail?.subject, "Été");
  assert.equal(mail.from, "Ada <ada@example.com>");
  assert.equal(mail.to, "b@example.net, Team: c@example.net, d@example.net;");
  assert.match(mail.html!, /<p>Hi<\/p>/);
  const [file] = mail.attachments;
  assert.equal(file?.name, "a.bin");
  assert.deepEqual(file.content, new Uint8Array([0, 1, 255]));
  assert.equal(file.embedded, false);
});

Deno.test("nonsense is read as far as it goes, and nesting without end is refused", async () => {
  const nonsense = await readMail(crypto.getRandomValues(new Uint8Array(2000)));
  assert(nonsense === null || typeof nonsense.subject === "string");
  let deep = "";
  for (let i = 0; i < 300; i++) {
    deep += `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`;
  }
  assert.equal(await readMail(bytes(deep)), null);
});
