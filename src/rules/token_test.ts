import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { parseUuid } from "../events/mod.ts";
import { encodeBase64url } from "./base64url.ts";
import {
  MAX_TARGET,
  mintToken,
  type NewTokenClaims,
  type TokenClaims,
  tokenMinter,
  verifyToken as verifyText,
  verifyTokenBytes,
} from "./token.ts";
import type { KeyOf } from "./seal.ts";

const SECRET = new Uint8Array(32).fill(7);
const KEY = { kid: 513, secret: SECRET };
const keyOf = (kid: number) => kid === KEY.kid ? SECRET : undefined;
const MESSAGE = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071";
const OPEN: NewTokenClaims = {
  kind: "open",
  account: "demo",
  message: MESSAGE,
  rcpt: 0,
  tag: 0x0102030405060708n,
  mode: "full",
  prepared: 0x0102_0304_0506,
  mailing: null,
};
const CLICK: NewTokenClaims = {
  ...OPEN,
  kind: "click",
  link: 3,
  url: "https://shop.example/a?b=c#d",
};
const FILE: NewTokenClaims = {
  ...OPEN,
  kind: "file",
  file: 2,
  name: "été.pdf",
  link: 4,
  told: { seq: 2 ** 40, index: 3 },
};

/** By the text and by the bytes, which must agree. */
function verifyToken(token: string, keyOf: KeyOf): TokenClaims | null {
  const claims = verifyText(token, keyOf);
  const bytes = new TextEncoder().encode(`=${token}=`);
  assert.deepEqual(verifyTokenBytes(bytes, 1, bytes.length - 1, keyOf), claims);
  return claims;
}

const PLAIN = { noNullPrototype: true };
const common = {
  account: fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }),
  message: fc.uuid(),
  rcpt: fc.nat(),
  tag: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  mode: fc.constantFrom("date-only" as const, "full" as const),
  prepared: fc.nat({ max: 2 ** 48 - 1 }),
  mailing: fc.option(fc.nat({ max: 2 ** 48 - 1 })),
};
const claims: fc.Arbitrary<NewTokenClaims> = fc.oneof(
  fc.record({ ...common, kind: fc.constantFrom("open" as const, "unsubscribe" as const) }, PLAIN),
  fc.record({
    ...common,
    kind: fc.constant("click" as const),
    link: fc.nat(),
    url: fc.webUrl({ withQueryParameters: true, withFragments: true }),
  }, PLAIN),
  fc.record({
    ...common,
    kind: fc.constant("file" as const),
    file: fc.nat(),
    name: fc.string({ minLength: 1, maxLength: 100, unit: "grapheme" }),
    link: fc.option(fc.nat({ max: 2 ** 31 - 2 })),
    told: fc.record({ seq: fc.nat({ max: 2 ** 48 - 1 }), index: fc.nat() }, PLAIN),
  }, PLAIN),
);

/** A token over any bytes, signed with the right key: what a faulty mint of ours could give out. */
function signed(body: Uint8Array): string {
  const mac = createHmac("sha256", SECRET).update(body).digest().subarray(0, 16);
  return encodeBase64url(new Uint8Array([...body, ...mac]));
}
const HEAD = [0x34, 2, 1, 4, ...new TextEncoder().encode("demo"), ...parseUuid(MESSAGE)];
const TAG = [1, 2, 3, 4, 5, 6, 7, 8];
const TIME = [1, 2, 3, 4, 5, 6];
/** Recipient 0, the tag and the time, then `tail`. */
const bodyOf = (...tail: number[]) => new Uint8Array([...HEAD, 0, ...TAG, ...TIME, ...tail]);
const withAccount = (...account: number[]) =>
  new Uint8Array([
    0x34,
    2,
    1,
    account.length,
    ...account,
    ...parseUuid(MESSAGE),
    0,
    ...TAG,
    ...TIME,
  ]);
const bare = (...tail: number[]) => new Uint8Array([...HEAD, ...tail]);

Deno.test("a token reads back what it was made from", () => {
  fc.assert(fc.property(claims, (c) => assert.deepEqual(verifyToken(mintToken(c, KEY), keyOf), c)));
});

Deno.test("one mint for a whole copy makes the same tokens, whatever was minted before", () => {
  const copies = fc.array(fc.tuple(claims, claims), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(fc.record(common, PLAIN), copies, (copy, others) => {
    const mint = tokenMinter(copy, KEY);
    for (const [purpose, other] of others) {
      const token = mint(purpose);
      assert.equal(token, mintToken({ ...purpose, ...copy }, KEY));
      assert.deepEqual(verifyToken(token, keyOf), { ...purpose, ...copy });
      mintToken(other, KEY);
    }
  }));
});

Deno.test("the signature is HMAC-SHA-256 as anybody computes it", () => {
  assert.equal(signed(bodyOf()), mintToken(OPEN, KEY));
});

Deno.test("links of version 2, in mail already sent, say all but when they were made", () => {
  const open = "JAIBBGRlbW8BkvPEXW5_gJobLD1OX2BxAAECAwQFBgcIMpEyxQa3PFm-ho4BZOtk3w";
  const click = "JQIBBGRlbW8BkvPEXW5_gJobLD1OX2BxAAECAwQFBgcIA2h0dHBzOi8vc2hvcC5leGFtcGxlL2E_Yj1j" +
    "I2TTxtY9mi7XSBVUx8fLyhzd";
  assert.deepEqual(verifyToken(open, keyOf), { ...OPEN, prepared: null });
  assert.deepEqual(verifyToken(click, keyOf), { ...CLICK, prepared: null });
});

Deno.test("every other character at every place, and every cut or addition, gives null", () => {
  const alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ .%é\u{1f600}";
  for (const claims of [OPEN, CLICK, FILE]) {
    const token = mintToken(claims, KEY);
    for (let i = 0; i < token.length; i++) {
      for (const other of alphabet) {
        if (other === token[i]) continue;
        const changed = token.slice(0, i) + other + token.slice(i + 1);
        assert.equal(verifyToken(changed, keyOf), null, changed);
      }
      assert.equal(verifyToken(token.slice(0, i), keyOf), null);
      assert.equal(verifyToken(token.slice(i + 1), keyOf), null);
    }
    for (const other of alphabet) {
      assert.equal(verifyToken(token + other, keyOf), null);
      assert.equal(verifyToken(other + token, keyOf), null);
    }
  }
});

Deno.test("a change of any bits gives null", () => {
  fc.assert(fc.property(claims, fc.nat(), fc.integer({ min: 1, max: 255 }), (c, at, flip) => {
    const bytes = Uint8Array.from(atob(standard(mintToken(c, KEY))), (ch) => ch.charCodeAt(0));
    bytes[at % bytes.length]! ^= flip;
    assert.equal(verifyToken(encodeBase64url(bytes), keyOf), null);
  }));
});

Deno.test("another key, or none, gives null", () => {
  fc.assert(fc.property(claims, fc.uint8Array({ minLength: 1, maxLength: 64 }), (c, secret) => {
    assert.equal(verifyToken(mintToken(c, KEY), () => secret), null);
    assert.equal(verifyToken(mintToken(c, KEY), () => undefined), null);
  }));
});

Deno.test("anything that is no token gives null and never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (s) => verifyToken(s, keyOf) === null));
  assert.equal(verifyToken("A".repeat(1_000_000), keyOf), null);
});

Deno.test("signed bytes in another than the one form are refused", () => {
  const click = new TextEncoder().encode("https://a.example/");
  const bad: Record<string, Uint8Array> = {
    "trailing byte": bodyOf(0),
    "longer varint": bare(0x80, 0, ...TAG, ...TIME),
    "varint past 31 bits": bare(0xff, 0xff, 0xff, 0xff, 0x08, ...TAG, ...TIME),
    "endless varint": bare(0xff, 0xff, 0xff, 0xff, 0xff, 0, ...TAG, ...TIME),
    "no recipient": bare(),
    "no tag": bare(0, 1, 2, 3, 4, 5, 6, 7),
    "no time": bare(0, ...TAG),
    "half a time": bare(0, ...TAG, 1, 2, 3, 4, 5),
    "time in version 2": bodyOf().with(0, 0x24),
    "mailing in version 2": bare(0, ...TAG, ...TIME).with(0, 0x2c),
    "no mailing": bodyOf().with(0, 0x3c),
    "account past the end": new Uint8Array([0x34, 2, 1, 200, 65]),
    "empty account": withAccount(),
    "account not UTF-8": withAccount(0xff),
    "version of before": bodyOf().with(0, 0x14),
    "version to come": bodyOf().with(0, 0x44),
    "file without all": bodyOf().with(0, 0x37),
    "file without a name": bodyOf(0, 1, ...TIME, 0).with(0, 0x37),
    "file with half a place": bodyOf(0, 1, 1, 2, 3).with(0, 0x37),
    "file with a control character": bodyOf(0, 1, ...TIME, 0, 65, 13, 10).with(0, 0x37),
    "file not UTF-8": bodyOf(0, 1, ...TIME, 0, 0xff).with(0, 0x37),
    "file in version 2": bare(0, ...TAG, 0, 1, ...TIME, 0, 65).with(0, 0x27),
    "click without target": bodyOf(0).with(0, 0x35),
    "click without http": bodyOf(0, ...new TextEncoder().encode("ftp://a.example/")).with(
      0,
      0x35,
    ),
    "target not UTF-8": bodyOf(0, ...click, 0xff).with(0, 0x35),
  };
  for (const [name, body] of Object.entries(bad)) {
    assert.equal(verifyToken(signed(body), keyOf), null, name);
  }
  assert.notEqual(verifyToken(signed(bodyOf(0, ...click).with(0, 0x35)), keyOf), null);
  assert.notEqual(verifyToken(signed(bodyOf(0, 1, ...TIME, 0, 65).with(0, 0x37)), keyOf), null);
});

Deno.test("only http and https targets without control characters are signed", () => {
  for (
    const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "ftp://a.example/",
      "//a.example/",
      "/a",
      "",
      "https:a.example",
      "https:///",
      "https://",
      "http://[",
      " https://a.example/",
      "https://a.example/\r\nX: y",
      "https://a.example/\u0000",
      "https://a.example/\ud800",
      "https://a.example/" + "a".repeat(MAX_TARGET),
      "https://a.example/" + "é".repeat(5000),
    ]
  ) {
    assert.throws(() => mintToken({ ...CLICK, url }, KEY), TypeError, url.slice(0, 40));
  }
  for (const url of ["HTTP://A.example", "https://é.example/ü?q=a b", "https://[::1]:8080/"]) {
    assert.deepEqual(verifyToken(mintToken({ ...CLICK, url }, KEY), keyOf), { ...CLICK, url });
  }
});

Deno.test("claims that do not fit a token are refused", () => {
  const refused = (changed: Partial<NewTokenClaims>) =>
    assert.throws(() => mintToken({ ...CLICK, ...changed } as NewTokenClaims, KEY), TypeError);
  for (const rcpt of [-1, 0.5, NaN, 2 ** 31]) refused({ rcpt });
  for (const account of ["", "a".repeat(256), "\ud800"]) refused({ account });
  for (const number of [-1, 0.5, NaN, 2 ** 48]) {
    refused({ prepared: number });
    refused({ mailing: number });
  }
  for (const name of ["", "a\r\nb", "\ud800", "é".repeat(600)]) {
    assert.throws(() => mintToken({ ...FILE, name }, KEY), TypeError);
  }
  for (const message of ["", "x", MESSAGE + "0"]) refused({ message });
  for (const kid of [-1, 65536, 1.5]) {
    assert.throws(() => mintToken(OPEN, { kid, secret: SECRET }), TypeError);
  }
});

Deno.test("a usual click link is less than 200 bytes longer than its target", () => {
  const url =
    "https://www.shop.example/catalogue/winter/boots-and-shoes/4711?utm_source=newsletter" +
    "&utm_medium=email&utm_campaign=2026-11-winter&utm_content=hero";
  const token = mintToken(
    { ...CLICK, account: "acme-shoes", mailing: 1, rcpt: 999, link: 40, url },
    KEY,
  );
  const link = `https://links.shop.example/c/${token}`;
  assert(link.length - url.length < 200, `${link.length - url.length}`);
});

function standard(text: string): string {
  return text.replaceAll("-", "+").replaceAll("_", "/");
}
