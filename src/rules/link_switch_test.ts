import assert from "node:assert/strict";
import { type LinkScope, linkSwitch, mailingTag } from "./mod.ts";

const ONE = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071";
const TWO = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6072";
const SPRING = mailingTag("a", "spring");
const links = [
  { account: "a", message: ONE, mailing: null },
  { account: "a", message: ONE, mailing: SPRING },
  { account: "a", message: TWO, mailing: SPRING },
  { account: "a", message: TWO, mailing: mailingTag("a", "autumn") },
  { account: "b", message: ONE, mailing: mailingTag("b", "spring") },
];
/** Which of the links are off. */
const off = (...scopes: LinkScope[]) => {
  const isOff = linkSwitch(scopes);
  return links.flatMap((link, i) => isOff(link) ? [i] : []);
};

Deno.test("a scope takes its links, and never those of another account", () => {
  assert.deepEqual(off(), []);
  assert.deepEqual(off({ account: "a", scope: "account", of: null }), [0, 1, 2, 3]);
  assert.deepEqual(off({ account: "a", scope: "message", of: ONE }), [0, 1]);
  assert.deepEqual(off({ account: "b", scope: "message", of: ONE }), [4]);
  assert.deepEqual(off({ account: "a", scope: "mailing", of: "spring" }), [1, 2]);
  assert.deepEqual(off({ account: "b", scope: "mailing", of: "spring" }), [4]);
  assert.deepEqual(off({ account: "c", scope: "mailing", of: "spring" }), []);
});

Deno.test("scopes add up", () => {
  const account = "a";
  assert.deepEqual(
    off({ account, scope: "message", of: TWO }, { account, scope: "mailing", of: "spring" }),
    [1, 2, 3],
  );
});
