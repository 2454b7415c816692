import assert from "node:assert/strict";
import { readParts } from "./parts.ts";

const read = (text: string, limit = 1000) =>
  readParts(new TextEncoder().encode(text)).map((part) => [part.type, part.text(limit)]);

Deno.test("parts are read in order, their encodings undone", () => {
  const text = [
    "Content-Type: multipart/report; boundary=b",
    "",
    "preamble",
    "--b",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "caf=C3=A9",
    "--b",
    "Content-Type: Message/Delivery-Status",
    "Content-Transfer-Encoding: base64",
    "",
    "QWN0aW9uOiBmYWlsZWQ=",
    "--b",
    "Content-Type: message/rfc822",
    "",
    "Content-Type: multipart/mixed; boundary=c",
    "",
    "--c--",
    "--b--",
  ];
  const expected = [
    ["text/plain", "café"],
    ["message/delivery-status", "Action: failed"],
    ["message/rfc822", "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c--"],
  ];
  assert.deepEqual(read(text.join("\r\n")), expected);
  assert.deepEqual(read(text.join("\n")), expected, "bare line ends");
});

Deno.test("no more is read than asked for", () => {
  assert.deepEqual(read("A: b\r\n\r\n0123456789", 4), [["text/plain", "0123"]]);
});

Deno.test("sealed, endless or empty messages have no parts to read", () => {
  assert.deepEqual(
    read("Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--"),
    [],
  );
  assert.deepEqual(
    read(`Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--b\r\n\r\n".repeat(2000)}`),
    [],
  );
  assert.deepEqual(read(""), [["text/plain", ""]]);
});
