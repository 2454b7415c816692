import assert from "node:assert/strict";
import { readHeader } from "./header/fields.ts";
import { findOptionsParts } from "./options_part.ts";

const find = (text: string) => findOptionsParts(text, readHeader(text), "X-EFIDEM-HEADERS");
const values = (text: string) => find(text).parts.map(({ value }) => value.trim());

const mixed = (...parts: string[]) =>
  'From: a@b.example\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\npreamble\r\n' +
  parts.map((part) => `--b\r\n${part}\r\n`).join("") + "--b--\r\nepilogue\r\n";

const TEXT = "Content-Type: text/plain\r\n\r\nHello";
const JSON_FILE =
  'Content-Type: application/json; name="X-EFIDEM-HEADERS.json"\r\n\r\n{"billingCode":"B"}';

for (
  const [where, part] of [
    ["name", JSON_FILE],
    [
      "name in other case, no extension",
      JSON_FILE.replace("X-EFIDEM-HEADERS.json", "x-efidem-Headers"),
    ],
    [
      "filename, base64, as a file of bytes",
      "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: BASE64\r\n" +
      "Content-Disposition: attachment; filename=X-EFIDEM-HEADERS.json\r\n\r\n" +
      btoa('{"billingCode":"B"}'),
    ],
    [
      "filename with a charset, quoted-printable",
      "Content-Type: application/json\r\nContent-Transfer-Encoding: quoted-printable\r\n" +
      "Content-Disposition: attachment;\r\n filename*=utf-8''X-EFIDEM-HEADERS.json\r\n\r\n" +
      "{=22billingCode=22:=\r\n=22B=22}",
    ],
    [
      "Content-ID",
      "Content-Type: application/json\r\nContent-ID: <X-EFIDEM-HEADERS@a.example>\r\n\r\n" +
      '{"billingCode":"B"}',
    ],
    [
      "Content-Description",
      'Content-Type: application/json\r\nContent-Description: X-EFIDEM-HEADERS\r\n\r\n{"billingCode":"B"}',
    ],
  ] as const
) {
  Deno.test(`the options part is found by its ${where}, and can be cut out without a trace`, () => {
    const text = mixed(TEXT, part, TEXT);
    assert.deepEqual(values(text), ['{"billingCode":"B"}']);
    const { start, end } = find(text).parts[0]!;
    assert.equal(text.slice(0, start) + text.slice(end), mixed(TEXT, TEXT));
  });
}

Deno.test("first, last, or inside another multipart it is found as well", () => {
  const inner = mixed(TEXT, JSON_FILE).replaceAll(/--b|"b"/g, (b) => b.replace("b", "inner"));
  for (const text of [mixed(JSON_FILE, TEXT), mixed(TEXT, JSON_FILE), mixed(inner)]) {
    const { start, end } = find(text).parts[0]!;
    assert.ok(!(text.slice(0, start) + text.slice(end)).includes("EFIDEM"));
    assert.equal(values(text).length, 1);
  }
  const both = mixed(JSON_FILE, JSON_FILE);
  const left = find(both).parts.toReversed()
    .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), both);
  assert.equal(left, mixed());
});

Deno.test("a part that is never closed reaches to the end", () => {
  const text = mixed(TEXT, JSON_FILE).replace(/\r\n--b--[^]*/, "");
  const { start, end } = find(text).parts[0]!;
  assert.equal(text.slice(0, start) + text.slice(end), mixed(TEXT).replace(/--b--[^]*/, ""));
});

Deno.test("nothing else is taken for it", () => {
  assert.deepEqual(values(`From: a@b.example\r\n${JSON_FILE}`), [], "the message itself");
  assert.deepEqual(values(mixed(TEXT, JSON_FILE.replace("X-EFIDEM", "Y-EFIDEM"))), []);
  assert.deepEqual(values(mixed(`Content-Description: X-EFIDEM-HEADERS\r\n\r\nabout it`)), []);
  const other = (text: string) => text.replaceAll(/--b|"b"/g, (b) => b.replace("b", "other"));
  const forwarded = `Content-Type: message/rfc822\r\n\r\n${other(mixed(JSON_FILE))}`;
  assert.deepEqual(values(mixed(forwarded)), []);
  const signed = mixed(JSON_FILE, TEXT).replace("multipart/mixed", "multipart/signed");
  assert.deepEqual(values(signed), []);
  assert.deepEqual(
    values(mixed(other(signed), JSON_FILE)),
    [
      '{"billingCode":"B"}',
    ],
    "beside a signed part",
  );
});

Deno.test("messages that no mail program makes are given up, each with its reason", () => {
  assert.match(find(mixed(...Array(10_000).fill(TEXT))).problem!, /more than 1000 parts/);
  let deep = TEXT;
  for (let i = 0; i < 200; i++) {
    deep = `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n${deep}\r\n--b${i}--`;
  }
  assert.match(find(deep).problem!, /more than 32 deep/);
  assert.match(find(mixed("a:\r\n".repeat(1_000_000))).problem!, /headers of its parts/);
  assert.match(find(mixed("no field\r\n".repeat(1_000_000))).problem!, /headers of its parts/);
});

Deno.test("bodies that look like delimiters nearly everywhere cost no more than others", () => {
  const long = "-".repeat(68);
  const text = (body: string) =>
    `Content-Type: multipart/mixed; boundary="${long}"\r\n\r\n--${long}\r\n\r\n${body}\r\n--${long}--`;
  for (
    const body of ["-".repeat(5_000_000), `\r\n--${long}x`.repeat(50_000), "\r\n".repeat(2_000_000)]
  ) {
    assert.deepEqual(find(text(body)), { parts: [], problem: null });
  }
});
