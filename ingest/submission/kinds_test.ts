import assert from "node:assert/strict";
import { recipientKinds } from "./kinds.ts";

const kinds = (recipients: string[], to: string[], cc: string[]) =>
  recipientKinds(recipients, { to, cc }).map(({ kind }) => kind);

Deno.test("To comes before Cc, and who is in neither is Bcc", () => {
  assert.deepEqual(
    kinds(["a@x.example", "b@x.example", "c@x.example"], ["a@x.example"], [
      "a@x.example",
      "b@x.example",
    ]),
    ["to", "cc", "bcc"],
  );
});

Deno.test("an exact match counts before one without regard to case", () => {
  assert.deepEqual(kinds(["a@x.example", "A@x.example"], ["A@X.example"], ["a@x.EXAMPLE"]), [
    "cc",
    "to",
  ]);
  assert.deepEqual(kinds(["ann@x.example"], ["Ann@x.example"], []), ["to"]);
});

Deno.test("a domain in the header may be written in Unicode", () => {
  assert.deepEqual(kinds(["a@xn--bcher-kva.example"], [], ["a@bücher.example"]), ["cc"]);
});

Deno.test("header addresses that are no mailboxes do no harm", () => {
  assert.deepEqual(kinds(["a@x.example"], ["", "@", "undisclosed recipients"], ["a"]), ["bcc"]);
});
