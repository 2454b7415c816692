/** Messages made to hurt: refused, or taken and prepared, while others are served. */
import assert from "node:assert/strict";
import { compile } from "@chappe/src/mail";
import { accepted, rejected, start } from "./test_support.ts";

const MB = 1024 * 1024;
const FROM = "From: news@example.com\r\n";
const mixed = (boundary: string) => `Content-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`;
const words = "=?utf-8?q?=C3=A9?= ";

/** All that copies may need done. */
const COPIES = {
  opens: true,
  clicks: true,
  alternative: true,
  footer: "Unsubscribe",
  remove: ["X-EFIDEM-HEADERS"],
  optionsName: "X-EFIDEM-HEADERS",
  files: [],
};

function nested(depth: number): string {
  let body = "\r\nHello";
  for (let i = 0; i < depth; i++) body = `${mixed(`b${i}`)}--b${i}\r\n${body}\r\n--b${i}--\r\n`;
  return FROM + body;
}

for (
  const [what, message, answer] of [
    [
      "10,000 parts",
      () => FROM + mixed("b") + "--b\r\n\r\nHi\r\n".repeat(10_000) + "--b--",
      "550 5.6.0",
    ],
    ["parts 200 deep", () => nested(200), "550 5.6.0"],
    ["parts 20 deep", () => nested(20), "250"],
    ["parts that all begin alike", () => FROM + mixed("-") + "---x\r\n".repeat(1_000_000), "250"],
    [
      "a part of nothing but fields",
      () => `${FROM}${mixed("b")}--b\r\n${"a:\r\n".repeat(MB)}`,
      "550 5.6.0",
    ],
    ["a header of 100 MB", () => `${FROM}X: ${"x".repeat(100 * MB)}\r\n\r\nHi`, "550 5.6.0"],
    [
      "a folded header of 100 MB",
      () => `${FROM}X:${" x\r\n".repeat(25 * MB)}\r\n\r\nHi`,
      "550 5.6.0",
    ],
    ["a header without end", () => FROM + "a: b\r\n".repeat(MB), "550 5.6.0"],
    ["100,000 fields", () => `${FROM}${"a:\r\n".repeat(100_000)}\r\nHi`, "550 5.6.0"],
    ["60,000 fields", () => `${FROM}${"a:\r\n".repeat(60_000)}\r\nHi`, "250"],
    ["a line of 50 MB", () => `${FROM}\r\n${"x".repeat(50 * MB)}`, "250"],
    ["50 MB of empty lines", () => `${FROM}\r\n${"\r\n".repeat(25 * MB)}`, "250"],
    ["50 MB of bare CR", () => `${FROM}\r\n${"\r".repeat(50 * MB)}`, "250"],
    [
      "a subject of encoded words",
      () => `${FROM}Subject: ${words.repeat(13_000)}\r\n\r\nHi`,
      "250",
    ],
    [
      "a From of encoded words",
      () => `From: ${words.repeat(12_000)} <news@example.com>\r\n\r\nHi`,
      "250",
    ],
    [
      "an open encoded word",
      () => `From: =?${"a".repeat(200_000)} <news@example.com>\r\n\r\nHi`,
      "250",
    ],
    [
      "encoded words half open",
      () => `From: ${"=?a?q?".repeat(40_000)} <news@example.com>\r\n\r\nHi`,
      "250",
    ],
    [
      "comments 100,000 deep in From",
      () => `From: news@example.com ${"(".repeat(100_000)}${")".repeat(100_000)}\r\n\r\nHi`,
      "250",
    ],
    ["comments without end in From", () => `From: ${"(".repeat(200_000)}\r\n\r\nHi`, "550 5.6.0"],
    ["quotes without end in From", () => `From: ${'"\\'.repeat(100_000)}\r\n\r\nHi`, "550 5.6.0"],
    ["a To of 1 MB", () => `${FROM}To: ${"a@b.example,".repeat(90_000)}\r\n\r\nHi`, "550 5.6.0"],
    ["a To of 240 KB", () => `${FROM}To: ${"a@b.example,".repeat(20_000)}\r\n\r\nHi`, "250"],
    ["a To of brackets", () => `${FROM}To: ${"<".repeat(240_000)}\r\n\r\nHi`, "250"],
    ["a To of colons", () => `${FROM}To: ${"a:".repeat(120_000)}\r\n\r\nHi`, "250"],
    ["a From of one long word", () => `From: ${"a".repeat(240_000)}\r\n\r\nHi`, "550 5.6.0"],
    ["a From of at signs", () => `From: ${"a@".repeat(100_000)}\r\n\r\nHi`, "550 5.6.0"],
    [
      "options nested 100,000 deep",
      () => `${FROM}X-EFIDEM-HEADERS: ${"[".repeat(100_000)}\r\n\r\nHi`,
      "550 5.6.0",
    ],
    [
      "a Content-Type of parameters",
      () => `${FROM}Content-Type: multipart/x${";a=b".repeat(60_000)}\r\n\r\nHi`,
      "250",
    ],
  ] as const
) {
  Deno.test(`a message with ${what} is answered ${answer}, and others are served`, async () => {
    await using server = await start({ maxSize: 120 * MB });
    using wire = await server.logIn();
    using other = await server.logIn();
    await wire.send(message(), { expect: answer });
    await other.ask("NOOP", 250);
    await other.send(`${FROM}\r\nHello`);
    assert.equal(rejected(server).length, answer === "250" ? 0 : 1);
    assert.equal(accepted(server).length, answer === "250" ? 2 : 1);
    for (const raw of server.stored) {
      assert.equal(compile(raw, COPIES).links.length, 0);
    }
  });
}
