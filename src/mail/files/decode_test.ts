import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { toBytes, toText } from "../bytes.ts";
import { encodeQp } from "../mime/quoted_printable.ts";
import { decodeFile, decodeFileText } from "./decode.ts";

async function* cut(text: string, lengths: readonly number[]) {
  let at = 0;
  for (const length of [...lengths, text.length]) {
    yield toBytes(text.slice(at, at + length));
    at += length;
  }
}

async function decoded(...args: Parameters<typeof decodeFile>): Promise<string> {
  return (await Array.fromAsync(decodeFile(...args), toText)).join("");
}

const lengths = fc.array(fc.nat({ max: 100 }), { maxLength: 20 });
const bytes = fc.uint8Array({ maxLength: 600, size: "max" });

Deno.test("base64 in lines, cut anywhere, is the file", async () => {
  await fc.assert(fc.asyncProperty(bytes, lengths, async (file, at) => {
    const code = Buffer.from(file).toString("base64").replace(/.{76}/g, "$&\r\n");
    assert.equal(await decoded(cut(code, at), "base64"), toText(file));
    assert.equal(toText(decodeFileText(code, "base64")), toText(file));
  }));
});

Deno.test("quoted-printable, cut anywhere, is the file", async () => {
  await fc.assert(fc.asyncProperty(bytes, lengths, async (file, at) => {
    // Bare line ends are for base64: whoever writes quoted-printable writes text.
    const text = toText(file).replace(/\r\n?|\n/g, "\r\n");
    const code = encodeQp(text);
    assert.equal(await decoded(cut(code, at), "quoted-printable"), text);
    assert.equal(toText(decodeFileText(code, "quoted-printable")), text);
  }));
});

Deno.test("white space at ends of lines and a last soft line break are not the file's", async () => {
  const code = "a =20 \t\r\nb=\r\nc= \r\nd \r\ne=3D= ";
  const text = "a  \r\nbcd\r\ne=";
  assert.equal(toText(decodeFileText(code, "quoted-printable")), text);
  for (let i = 0; i < code.length; i++) {
    assert.equal(await decoded(cut(code, [i]), "quoted-printable"), text);
  }
});

Deno.test("what is not encoded is the file as it stands", async () => {
  await fc.assert(fc.asyncProperty(bytes, lengths, async (file, at) => {
    assert.equal(await decoded(cut(toText(file), at), "identity"), toText(file));
  }));
});
