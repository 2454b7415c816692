import assert from "node:assert/strict";
import fc from "fast-check";
import { accountHint, mintCopyAddress, readCopyAddress } from "./copy_address.ts";
import { verifyToken } from "./token.ts";

const KEY = { kid: 40000, secret: new Uint8Array(32).fill(9) };
const keyOf = (kid: number) => kid === KEY.kid ? KEY.secret : undefined;
const PATH = {
  purpose: "bounce" as const,
  account: "demo",
  message: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071",
  rcpt: 3,
};
const demo = (hint: number) => hint === accountHint("demo") ? ["demo"] : [];

Deno.test("a return path reads back, for accounts of any length, and fits a local part", () => {
  const path = fc.record({
    purpose: fc.constantFrom("bounce" as const, "unsubscribe" as const),
    account: fc.string({ minLength: 1, maxLength: 200 }),
    message: fc.uuid(),
    rcpt: fc.nat(),
  }, { noNullPrototype: true });
  fc.assert(fc.property(path, fc.boolean(), (p, upper) => {
    const local = mintCopyAddress(p, KEY);
    assert.match(local, p.purpose === "bounce" ? /^b-[a-z2-7]{50,56}$/ : /^u-[a-z2-7]{50,56}$/);
    const asked = upper ? local.toUpperCase() : local;
    assert.deepEqual(readCopyAddress(asked, keyOf, () => ["other", p.account]), p);
  }));
});

Deno.test("every other character at every place, and every cut or addition, gives null", () => {
  const local = mintCopyAddress(PATH, KEY);
  assert.deepEqual(readCopyAddress(local, keyOf, demo), PATH);
  for (let i = 0; i <= local.length; i++) {
    for (const other of "abcdefghijklmnopqrstuvwxyz234567189-+=.é") {
      const added = local.slice(0, i) + other + local.slice(i);
      assert.equal(readCopyAddress(added, keyOf, () => ["demo"]), null, added);
      if (other === local[i]) continue;
      const changed = local.slice(0, i) + other + local.slice(i + 1);
      assert.equal(readCopyAddress(changed, keyOf, () => ["demo"]), null, changed);
    }
    if (i < local.length) {
      assert.equal(readCopyAddress(local.slice(0, i), keyOf, () => ["demo"]), null);
    }
  }
});

Deno.test("another account, another key, or none, gives null", () => {
  const local = mintCopyAddress(PATH, KEY);
  assert.equal(readCopyAddress(local, keyOf, () => ["demo2"]), null);
  assert.equal(readCopyAddress(local, keyOf, () => []), null);
  assert.equal(readCopyAddress(local, () => undefined, demo), null);
  assert.equal(readCopyAddress(local, () => new Uint8Array(32), demo), null);
});

Deno.test("anything else gives null and never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (s) => {
    assert.equal(readCopyAddress(s, keyOf, demo), null);
    assert.equal(readCopyAddress("b-" + s, keyOf, demo), null);
    assert.equal(verifyToken(s, keyOf), null);
  }));
});

Deno.test("what is no delivery is refused", () => {
  assert.throws(() => mintCopyAddress({ ...PATH, rcpt: -1 }, KEY), TypeError);
  assert.throws(() => mintCopyAddress({ ...PATH, message: "x" }, KEY), TypeError);
  assert.throws(() => mintCopyAddress(PATH, { ...KEY, kid: 70000 }), TypeError);
});

Deno.test("an address for one purpose never stands for the other", () => {
  const local = mintCopyAddress(PATH, KEY);
  assert.equal(readCopyAddress(`u-${local.slice(2)}`, keyOf, demo), null);
});
