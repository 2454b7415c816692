import assert from "node:assert/strict";
import fc from "fast-check";
import { accountHint, mintReturnPath, readReturnPath } from "./return_path.ts";
import { verifyToken } from "./token.ts";

const KEY = { kid: 40000, secret: new Uint8Array(32).fill(9) };
const keyOf = (kid: number) => kid === KEY.kid ? KEY.secret : undefined;
const PATH = { account: "demo", message: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071", rcpt: 3 };
const demo = (hint: number) => hint === accountHint("demo") ? ["demo"] : [];

Deno.test("a return path reads back, for accounts of any length, and fits a local part", () => {
  const path = fc.record({
    account: fc.string({ minLength: 1, maxLength: 200 }),
    message: fc.uuid(),
    rcpt: fc.nat(),
  }, { noNullPrototype: true });
  fc.assert(fc.property(path, fc.boolean(), (p, upper) => {
    const local = mintReturnPath(p, KEY);
    assert.match(local, /^b-[a-z2-7]{50,56}$/);
    const asked = upper ? local.toUpperCase() : local;
    assert.deepEqual(readReturnPath(asked, keyOf, () => ["other", p.account]), p);
  }));
});

Deno.test("every other character at every place, and every cut or addition, gives null", () => {
  const local = mintReturnPath(PATH, KEY);
  assert.deepEqual(readReturnPath(local, keyOf, demo), PATH);
  for (let i = 0; i <= local.length; i++) {
    for (const other of "abcdefghijklmnopqrstuvwxyz234567189-+=.é") {
      const added = local.slice(0, i) + other + local.slice(i);
      assert.equal(readReturnPath(added, keyOf, () => ["demo"]), null, added);
      if (other === local[i]) continue;
      const changed = local.slice(0, i) + other + local.slice(i + 1);
      assert.equal(readReturnPath(changed, keyOf, () => ["demo"]), null, changed);
    }
    if (i < local.length) {
      assert.equal(readReturnPath(local.slice(0, i), keyOf, () => ["demo"]), null);
    }
  }
});

Deno.test("another account, another key, or none, gives null", () => {
  const local = mintReturnPath(PATH, KEY);
  assert.equal(readReturnPath(local, keyOf, () => ["demo2"]), null);
  assert.equal(readReturnPath(local, keyOf, () => []), null);
  assert.equal(readReturnPath(local, () => undefined, demo), null);
  assert.equal(readReturnPath(local, () => new Uint8Array(32), demo), null);
});

Deno.test("anything else gives null and never throws", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (s) => {
    assert.equal(readReturnPath(s, keyOf, demo), null);
    assert.equal(readReturnPath("b-" + s, keyOf, demo), null);
    assert.equal(verifyToken(s, keyOf), null);
  }));
});

Deno.test("what is no delivery is refused", () => {
  assert.throws(() => mintReturnPath({ ...PATH, rcpt: -1 }, KEY), TypeError);
  assert.throws(() => mintReturnPath({ ...PATH, message: "x" }, KEY), TypeError);
  assert.throws(() => mintReturnPath(PATH, { ...KEY, kid: 70000 }), TypeError);
});
