/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { bearerOf, isAuthorized, seal, unseal } from "./secret.ts";

const SECRET = "thirty-two characters of a secret";

Deno.test("only the whole bearer token of the same secret is let in", () => {
  const bearer = bearerOf(SECRET);
  assert(isAuthorized(SECRET, `Bearer ${bearer}`));
  const others = [
    undefined,
    "",
    "Bearer ",
    bearer,
    `Bearer ${SECRET}`,
    `Bearer ${bearer.slice(0, -1)}`,
    `Bearer ${bearer}x`,
    `Bearer ${bearerOf(`${SECRET}.`)}`,
  ];
  for (const other of others) assert(!isAuthorized(SECRET, other), other);
});

Deno.test("what is sealed opens with the same secret only, and the bearer token does not open it", async () => {
  const sealed = await seal(SECRET, "a key");
  assert.notEqual(sealed, await seal(SECRET, "a key"));
  assert(!sealed.includes("a key"));
  assert.equal(await unseal(SECRET, sealed), "a key");
  await assert.rejects(unseal(bearerOf(SECRET), sealed));
  for (const other of ["", ".", "x.y", sealed.slice(0, -2), `${sealed}AA`]) {
    await assert.rejects(unseal(SECRET, other), other);
  }
});
